//! What a condition is on the target: true, false, or unknown before the program runs.
//!
//! Known are constants, `TYPE_CHECKING`, comparisons of `sys.version_info`, tests of the platform,
//! and what `not`, `and`, `or` make of them.

use pycheck_model::PythonVersion;
use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprCompare, ExprSubscript, Number, UnaryOp};

use crate::nodes::dotted;

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
    /// We can't say.
    Unknown,
}

impl Truth {
    fn from_bool(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::MainGuard | Self::Unknown => Self::Unknown,
        }
    }
}

/// Decides a condition.
pub(crate) fn decide(test: &Expr, target: &Target) -> Truth {
    match test {
        Expr::BooleanLiteral(literal) => Truth::from_bool(literal.value),
        Expr::NoneLiteral(_) => Truth::False,
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(int) => {
                int.as_i64().map_or(Truth::True, |value| Truth::from_bool(value != 0))
            }
            _ => Truth::Unknown,
        },
        Expr::Name(_) | Expr::Attribute(_) => decide_name(test),
        Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => decide(&unary.operand, target).not(),
        Expr::BoolOp(node) => {
            let parts = node.values.iter().map(|value| decide(value, target));
            combine(parts, if node.op == BoolOp::And { Truth::False } else { Truth::True })
        }
        Expr::Compare(compare) => decide_comparison(compare, target),
        Expr::Call(call) => decide_call(&call.func, call.arguments.args.first(), target),
        _ => Truth::Unknown,
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

fn decide_name(expr: &Expr) -> Truth {
    let Some(parts) = dotted(expr) else { return Truth::Unknown };
    match parts.last() {
        Some(&"TYPE_CHECKING" | &"PY2") => Truth::False,
        Some(&"PY3") => Truth::True,
        _ => Truth::Unknown,
    }
}

fn decide_comparison(compare: &ExprCompare, target: &Target) -> Truth {
    let ([op], [right]) = (&*compare.ops, &*compare.comparators) else { return Truth::Unknown };
    let left = &*compare.left;
    if is_main_test(left, right) {
        return if *op == CmpOp::Eq { Truth::MainGuard } else { Truth::Unknown };
    }
    if let (Some(left), Some(right)) = (version_part(left, target), integers(right)) {
        return compare_versions(&left, *op, &right);
    }
    if let (Some(left), Some(right)) = (integers(left), version_part(right, target)) {
        return compare_versions(&left, *op, &right);
    }
    let Some(actual) = platform_name(left, target) else { return Truth::Unknown };
    let Some(expected) = strings(right) else { return Truth::Unknown };
    match op {
        CmpOp::Eq | CmpOp::In => Truth::from_bool(expected.contains(&actual)),
        CmpOp::NotEq | CmpOp::NotIn => Truth::from_bool(!expected.contains(&actual)),
        _ => Truth::Unknown,
    }
}

fn is_main_test(left: &Expr, right: &Expr) -> bool {
    let is_name = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id == "__name__");
    let is_main =
        |expr: &Expr| matches!(expr, Expr::StringLiteral(text) if text.value == *"__main__");
    (is_name(left) && is_main(right)) || (is_name(right) && is_main(left))
}

/// The numbers that an expression over `sys.version_info` has on the target: as many as are known.
fn version_part(expr: &Expr, target: &Target) -> Option<Version> {
    let (major, minor) = (i64::from(target.version.major), i64::from(target.version.minor));
    match expr {
        Expr::Attribute(attribute) => {
            match (attribute.attr.as_str(), is_version_info(&attribute.value)) {
                ("major", true) => Some(Version::Number(major)),
                ("minor", true) => Some(Version::Number(minor)),
                _ if is_version_info(expr) => Some(Version::Tuple(vec![major, minor], false)),
                _ => None,
            }
        }
        Expr::Name(_) if is_version_info(expr) => Some(Version::Tuple(vec![major, minor], false)),
        Expr::Subscript(subscript) if is_version_info(&subscript.value) => {
            version_item(subscript, major, minor)
        }
        _ => None,
    }
}

fn version_item(subscript: &ExprSubscript, major: i64, minor: i64) -> Option<Version> {
    match &*subscript.slice {
        Expr::Slice(slice) if slice.lower.is_none() && slice.step.is_none() => {
            match integer(slice.upper.as_deref()?)? {
                1 => Some(Version::Tuple(vec![major], true)),
                2 => Some(Version::Tuple(vec![major, minor], true)),
                _ => Some(Version::Tuple(vec![major, minor], false)),
            }
        }
        index => match integer(index)? {
            0 => Some(Version::Number(major)),
            1 => Some(Version::Number(minor)),
            _ => None,
        },
    }
}

fn is_version_info(expr: &Expr) -> bool {
    dotted(expr)
        .is_some_and(|parts| matches!(parts[..], ["sys", "version_info"] | ["version_info"]))
}

/// One number, or the beginning of a tuple; `true` when the tuple ends there.
enum Version {
    Number(i64),
    Tuple(Vec<i64>, bool),
}

fn compare_versions(left: &Version, op: CmpOp, right: &Version) -> Truth {
    let ordering = match (left, right) {
        (Version::Number(left), Version::Number(right)) => Some(left.cmp(right)),
        (Version::Tuple(left, left_ends), Version::Tuple(right, right_ends)) => {
            compare_tuples((left, *left_ends), (right, *right_ends))
        }
        _ => None,
    };
    let Some(ordering) = ordering else { return Truth::Unknown };
    match op {
        CmpOp::Eq => Truth::from_bool(ordering.is_eq()),
        CmpOp::NotEq => Truth::from_bool(ordering.is_ne()),
        CmpOp::Lt => Truth::from_bool(ordering.is_lt()),
        CmpOp::LtE => Truth::from_bool(ordering.is_le()),
        CmpOp::Gt => Truth::from_bool(ordering.is_gt()),
        CmpOp::GtE => Truth::from_bool(ordering.is_ge()),
        _ => Truth::Unknown,
    }
}

/// Lexicographic order where one side may go on with numbers that are not known (the micro version).
fn compare_tuples(left: (&[i64], bool), right: (&[i64], bool)) -> Option<std::cmp::Ordering> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    for (a, b) in left.0.iter().zip(right.0) {
        if a != b {
            return Some(a.cmp(b));
        }
    }
    match (left.1, right.1) {
        (true, true) => Some(left.0.len().cmp(&right.0.len())),
        (false, true) if right.0.len() <= left.0.len() => Some(Greater),
        (true, false) if left.0.len() <= right.0.len() => Some(Less),
        (false, false) if left.0.len() == right.0.len() => Some(Equal),
        _ => None,
    }
}

fn integer(expr: &Expr) -> Option<i64> {
    let Expr::NumberLiteral(literal) = expr else { return None };
    let Number::Int(int) = &literal.value else { return None };
    int.as_i64()
}

fn integers(expr: &Expr) -> Option<Version> {
    match expr {
        Expr::Tuple(tuple) => {
            Some(Version::Tuple(tuple.elts.iter().map(integer).collect::<Option<_>>()?, true))
        }
        _ => integer(expr).map(Version::Number),
    }
}

/// What a platform test looks at, on the target.
fn platform_name(expr: &Expr, target: &Target) -> Option<String> {
    let callee = expr.as_call_expr().map(|call| &*call.func);
    let parts = dotted(callee.unwrap_or(expr))?;
    let windows = target.platform == "win32";
    match (parts[..].last_chunk::<2>(), callee.is_some()) {
        (Some(["sys", "platform"]), false) => Some(target.platform.clone()),
        (Some(["os", "name"]), false) => Some(if windows { "nt" } else { "posix" }.to_owned()),
        (Some(["platform", "system"]), true) => {
            let name = if windows {
                "Windows"
            } else if target.platform == "darwin" {
                "Darwin"
            } else {
                "Linux"
            };
            Some(name.to_owned())
        }
        _ => None,
    }
}

fn strings(expr: &Expr) -> Option<Vec<String>> {
    let elements = match expr {
        Expr::Tuple(node) => &node.elts,
        Expr::List(node) => &node.elts,
        Expr::Set(node) => &node.elts,
        _ => return Some(vec![string(expr)?]),
    };
    elements.iter().map(string).collect()
}

fn string(expr: &Expr) -> Option<String> {
    expr.as_string_literal_expr().map(|literal| literal.value.to_str().to_owned())
}

fn decide_call(callee: &Expr, argument: Option<&Expr>, target: &Target) -> Truth {
    let Expr::Attribute(method) = callee else { return Truth::Unknown };
    let (Some(actual), Some(prefixes)) =
        (platform_name(&method.value, target), argument.and_then(strings))
    else {
        return Truth::Unknown;
    };
    match method.attr.as_str() {
        "startswith" => {
            Truth::from_bool(prefixes.iter().any(|prefix| actual.starts_with(prefix.as_str())))
        }
        _ => Truth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, Truth, decide};
    use crate::parse;
    use pycheck_model::PythonVersion;
    use ruff_python_ast::Stmt;

    fn outcome(test: &str) -> Truth {
        let version = PythonVersion { major: 3, minor: 11 };
        let file = parse(test.to_owned(), version);
        let Stmt::Expr(stmt) = &file.body()[0] else { panic!("{test} is no expression") };
        decide(&stmt.value, &Target { version, platform: "linux".to_owned() })
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
