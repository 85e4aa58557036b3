//! What a condition is on the target: true, false, or unknown before the program runs.
//!
//! Known are constants, `TYPE_CHECKING`, the version, the platform, names that the module binds to
//! them once, and what operators make of them.

use pycheck_model::PythonVersion;
use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprCompare, UnaryOp};

use std::cell::Cell;

use crate::names::{Meaning, Names};
use crate::values::Value;

/// What the program will run on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The version of Python.
    pub version: PythonVersion,
    /// `sys.platform`: `linux`, `darwin`, `win32`.
    pub platform: String,
}

impl Default for Target {
    fn default() -> Self {
        Self { version: PythonVersion::NEWEST, platform: "linux".to_owned() }
    }
}

/// The outcome of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    /// Holds whenever it is reached.
    True,
    /// Never holds.
    False,
    /// Holds only when the file is started as a script.
    MainGuard,
    /// Holds unless the file is started as a script.
    Imported,
    /// We can't say.
    Unknown,
}

impl Truth {
    pub(crate) fn from_bool(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::MainGuard => Self::Imported,
            Self::Imported => Self::MainGuard,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Of two conditions that are tested one after the other.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, one) | (one, Self::True) => one,
            (one, other) if one == other => one,
            (Self::MainGuard, Self::Imported) | (Self::Imported, Self::MainGuard) => Self::False,
            _ => Self::Unknown,
        }
    }
}

/// How deep names and operators are followed from a condition.
const MAX_DEPTH: usize = 100;
/// How many of them are followed in all.
const MAX_STEPS: usize = 2000;

/// Decides the conditions of one module.
pub(crate) struct Conditions<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) target: &'a Target,
    depth: Cell<usize>,
    steps: Cell<usize>,
}

impl<'a> Conditions<'a> {
    pub(crate) fn new(names: Names<'a>, target: &'a Target) -> Self {
        Self { names, target, depth: Cell::new(0), steps: Cell::new(0) }
    }

    /// Keeps constants that stand for themselves from being followed for ever.
    pub(crate) fn bounded<T>(&self, otherwise: T, ask: impl FnOnce() -> T) -> T {
        let depth = self.depth.get();
        let steps = if depth == 0 { 0 } else { self.steps.get() };
        if depth >= MAX_DEPTH || steps >= MAX_STEPS {
            return otherwise;
        }
        self.steps.set(steps + 1);
        self.depth.set(depth + 1);
        let answer = ask();
        self.depth.set(depth);
        answer
    }

    /// Decides a condition.
    pub(crate) fn decide(&self, test: &Expr) -> Truth {
        self.bounded(Truth::Unknown, || match test {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => self.decide(&unary.operand).not(),
            Expr::BoolOp(node) => {
                let parts = node.values.iter().map(|value| self.decide(value));
                combine(parts, if node.op == BoolOp::And { Truth::False } else { Truth::True })
            }
            Expr::Compare(compare) => self.decide_comparison(compare),
            _ => self.value(test).truth(),
        })
    }

    fn decide_comparison(&self, compare: &ExprCompare) -> Truth {
        if let ([op], [right]) = (&*compare.ops, &*compare.comparators)
            && is_main_test(&compare.left, right)
        {
            return match op {
                CmpOp::Eq => Truth::MainGuard,
                CmpOp::NotEq => Truth::Imported,
                _ => Truth::Unknown,
            };
        }
        self.compare(compare).map_or(Truth::Unknown, Truth::from_bool)
    }

    /// The value of a name with or without dots.
    pub(crate) fn named(&self, expr: &Expr) -> Value {
        if let Expr::Name(name) = expr {
            match self.names.meaning(&name.id) {
                Some(Meaning::Value(value)) if name.id != "TYPE_CHECKING" => {
                    return self.value(value);
                }
                Some(Meaning::Class(_) | Meaning::Function(_)) => return Value::Object(true),
                _ => {}
            }
        }
        let Some(parts) = self.names.resolve(expr) else { return Value::Unknown };
        let (major, minor) =
            (i64::from(self.target.version.major), i64::from(self.target.version.minor));
        match parts[..] {
            [.., "TYPE_CHECKING" | "PY2"] => Value::Bool(false),
            [.., "PY3"] => Value::Bool(true),
            ["sys", "version_info"] | ["version_info"] => {
                let unknown = [Value::Unknown, Value::Unknown, Value::Unknown];
                let known = [Value::Int(major), Value::Int(minor)];
                Value::Items(known.into_iter().chain(unknown).collect())
            }
            ["sys", "version_info", "major"] | ["version_info", "major"] => Value::Int(major),
            ["sys", "version_info", "minor"] | ["version_info", "minor"] => Value::Int(minor),
            ["sys", "hexversion"] => {
                let first = (major << 24) | (minor << 16);
                Value::Between(first, first | 0xffff)
            }
            ["sys", "version"] => Value::Beginning(format!("{major}.{minor}.")),
            ["sys", "platform"] => Value::Text(self.target.platform.clone()),
            ["sys", "implementation", "name"] => Value::Text("cpython".to_owned()),
            ["os", "name"] => {
                let windows = self.target.platform == "win32";
                Value::Text(if windows { "nt" } else { "posix" }.to_owned())
            }
            _ => Value::Unknown,
        }
    }
}

/// `and` (decided by the first false part) or `or` (decided by the first true part).
fn combine(parts: impl Iterator<Item = Truth>, decisive: Truth) -> Truth {
    let mut result = decisive.not();
    for part in parts {
        if part == decisive {
            return decisive;
        }
        if part != decisive.not() {
            result = if result == decisive.not() { part } else { Truth::Unknown };
        }
    }
    result
}

fn is_main_test(left: &Expr, right: &Expr) -> bool {
    let is_name = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id == "__name__");
    let is_main =
        |expr: &Expr| matches!(expr, Expr::StringLiteral(text) if text.value == *"__main__");
    (is_name(left) && is_main(right)) || (is_name(right) && is_main(left))
}

#[cfg(test)]
mod tests {
    use super::{Conditions, Target, Truth};
    use crate::names::Names;
    use crate::parse;
    use pycheck_model::PythonVersion;
    use ruff_python_ast::Stmt;

    fn outcome(test: &str) -> Truth {
        let version = PythonVersion { major: 3, minor: 11 };
        let file = parse(test.to_owned(), version);
        let Stmt::Expr(stmt) = &file.body()[0] else { panic!("{test} is no expression") };
        let target = Target { version, platform: "linux".to_owned() };
        Conditions::new(Names::new(file.body()), &target).decide(&stmt.value)
    }

    #[test]
    fn version_tests_are_known() {
        for test in [
            "sys.version_info >= (3, 8)",
            "sys.version_info[0] == 3",
            "sys.version_info[:2] == (3, 11)",
            "sys.version_info[:2] > (3, 10)",
            "sys.version_info.major >= 3",
            "(3, 11) <= sys.version_info",
            "sys.version_info > (3, 11)",
            "sys.version_info > (3,)",
            "not sys.version_info < (3,)",
        ] {
            assert_eq!(outcome(test), Truth::True, "{test}");
        }
        for test in [
            "sys.version_info >= (3, 12)",
            "sys.version_info[0] < 3",
            "sys.version_info == (3, 11)",
        ] {
            assert_eq!(outcome(test), Truth::False, "{test}");
        }
        assert_eq!(outcome("sys.version_info >= (3, 11, 4)"), Truth::Unknown);
    }

    #[test]
    fn platform_tests_are_known() {
        for test in
            ["sys.platform == 'linux'", "os.name == 'posix'", "platform.system() != 'Windows'"]
        {
            assert_eq!(outcome(test), Truth::True, "{test}");
        }
        for test in [
            "sys.platform.startswith('win')",
            "os.name == 'nt'",
            "sys.platform in ('win32', 'cygwin')",
        ] {
            assert_eq!(outcome(test), Truth::False, "{test}");
        }
    }

    #[test]
    fn one_side_can_decide() {
        assert_eq!(outcome("typing.TYPE_CHECKING and unknown()"), Truth::False);
        assert_eq!(outcome("True or unknown()"), Truth::True);
        assert_eq!(outcome("True and unknown()"), Truth::Unknown);
        assert_eq!(outcome("unknown() or False"), Truth::Unknown);
        assert_eq!(outcome("__name__ == '__main__'"), Truth::MainGuard);
    }
}
