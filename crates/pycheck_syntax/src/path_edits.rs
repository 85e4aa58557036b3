//! Which folder an expression names: `os.path.join(os.path.dirname(__file__), "lib")`,
//! `Path(__file__).parent / "lib"`.

use pycheck_model::{Folder, FolderBase};
use ruff_python_ast::{Expr, ExprBinOp, ExprCall, Operator};

use crate::conditions::Conditions;
use crate::names::Meaning;

/// A name of a function or a loop, and what it stands for.
pub(crate) type Local<'a> = (&'a str, &'a Expr);

/// Evaluates expressions that name folders.
pub(crate) struct Folders<'e, 'a> {
    pub(crate) conditions: &'e Conditions<'a>,
    /// The inner ones last.
    pub(crate) locals: &'e [Local<'a>],
}

impl Folders<'_, '_> {
    /// The folder that an expression names, if that can be told.
    pub(crate) fn folder(&self, expr: &Expr) -> Option<Folder> {
        // What lies in an archive is not looked into.
        let is_archive = |folder: &Folder| {
            let endings = [".zip", ".egg", ".whl", ".pyz"];
            endings.iter().any(|ending| folder.below.ends_with(ending))
        };
        self.eval(expr, false).filter(|folder| !is_archive(folder))
    }

    /// As [`Self::folder`]; a path that will be normalized may go through what is no folder.
    fn eval(&self, expr: &Expr, is_normalized: bool) -> Option<Folder> {
        self.conditions.bounded(None, || match expr {
            Expr::Name(name) if name.id == "__file__" => {
                Some(Folder { base: FolderBase::File, up: 0, below: String::new() })
            }
            Expr::Name(name) => self.eval(self.value(&name.id)?, is_normalized),
            Expr::StringLiteral(text) => join(start(), text.value.to_str(), is_normalized),
            Expr::Call(call) => self.call(call, is_normalized),
            Expr::BinOp(node) => self.operator(node, is_normalized),
            Expr::Attribute(attribute) if attribute.attr.as_str() == "parent" => {
                parent(self.eval(&attribute.value, is_normalized)?)
            }
            Expr::Subscript(subscript) => {
                let Expr::Attribute(attribute) = &*subscript.value else { return None };
                let index = subscript.slice.as_number_literal_expr()?.value.as_int()?.as_u64()?;
                let is_parents = attribute.attr.as_str() == "parents" && index < 64;
                let mut folder =
                    is_parents.then(|| self.eval(&attribute.value, is_normalized)).flatten()?;
                for _ in 0..=index {
                    folder = parent(folder)?;
                }
                Some(folder)
            }
            _ => None,
        })
    }

    fn value(&self, name: &str) -> Option<&Expr> {
        if let Some((_, value)) = self.locals.iter().rev().find(|(local, _)| *local == name) {
            return Some(value);
        }
        match self.conditions.names.meaning(name)? {
            Meaning::Value(value) => Some(value),
            _ => None,
        }
    }

    fn call(&self, call: &ExprCall, is_normalized: bool) -> Option<Folder> {
        if !call.arguments.keywords.iter().all(|it| it.arg.as_deref() == Some("strict")) {
            return None;
        }
        let arguments = &*call.arguments.args;
        let callee = self.conditions.names.resolve(&call.func);
        match (callee.as_deref().unwrap_or_default(), arguments) {
            (["os", "path", "dirname"], [path]) => parent(self.eval(path, is_normalized)?),
            (["os", "path", "abspath" | "realpath" | "normpath"], [path]) => self.eval(path, true),
            (["str"] | ["os", "fspath" | "fsdecode"], [path]) => self.eval(path, is_normalized),
            (["os", "getcwd"] | ["pathlib", "Path", "cwd"] | ["pathlib", "Path"], []) => {
                Some(start())
            }
            (["os", "path", "join"] | ["pathlib", "Path" | "PurePath"], [first, others @ ..]) => {
                self.joined(self.eval(first, is_normalized)?, others, is_normalized)
            }
            _ => self.method(call, arguments, is_normalized),
        }
    }

    fn method(&self, call: &ExprCall, arguments: &[Expr], is_normalized: bool) -> Option<Folder> {
        let Expr::Attribute(method) = &*call.func else { return None };
        match (method.attr.as_str(), arguments) {
            ("resolve", []) => self.eval(&method.value, true),
            ("absolute" | "as_posix" | "__str__" | "__fspath__", []) => {
                self.eval(&method.value, is_normalized)
            }
            ("joinpath", parts) => {
                self.joined(self.eval(&method.value, is_normalized)?, parts, is_normalized)
            }
            ("with_name", [name]) => {
                let folder = parent(self.eval(&method.value, is_normalized)?)?;
                join(folder, self.text(name)?, is_normalized)
            }
            _ => None,
        }
    }

    fn joined(&self, base: Folder, parts: &[Expr], is_normalized: bool) -> Option<Folder> {
        parts.iter().try_fold(base, |folder, part| join(folder, self.text(part)?, is_normalized))
    }

    /// `path / "name"`, or `"path" + "/name"`.
    fn operator(&self, node: &ExprBinOp, is_normalized: bool) -> Option<Folder> {
        let text = self.text(&node.right)?;
        let left = self.eval(&node.left, is_normalized)?;
        match node.op {
            Operator::Div => join(left, text, is_normalized),
            Operator::Add if text.starts_with('/') => {
                join(left, text.trim_start_matches('/'), is_normalized)
            }
            _ => None,
        }
    }

    /// A part of a path.
    fn text<'t>(&'t self, expr: &'t Expr) -> Option<&'t str> {
        self.conditions.bounded(None, || match expr {
            Expr::StringLiteral(text) => Some(text.value.to_str()),
            Expr::Name(name) if self.value(&name.id).is_some() => self.text(self.value(&name.id)?),
            _ => match self.conditions.names.resolve(expr)?[..] {
                ["os", "pardir"] | ["os", "path", "pardir"] => Some(".."),
                ["os", "curdir"] | ["os", "path", "curdir"] => Some("."),
                _ => None,
            },
        })
    }
}

/// The folder in which the program is started.
fn start() -> Folder {
    Folder { base: FolderBase::Start, up: 0, below: String::new() }
}

/// `os.path.dirname`.
fn parent(mut folder: Folder) -> Option<Folder> {
    if folder.below.is_empty() {
        folder.up += 1;
        return (folder.base != FolderBase::Root).then_some(folder);
    }
    let end = folder.below.rfind('/').unwrap_or(0);
    folder.below.truncate(end);
    Some(folder)
}

/// `os.path.join`.
fn join(mut folder: Folder, path: &str, is_normalized: bool) -> Option<Folder> {
    if path.starts_with('/') {
        folder = Folder { base: FolderBase::Root, up: 0, below: String::new() };
    }
    if path.contains(['\\', ':', '~']) {
        return None;
    }
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let is_file = folder.base == FolderBase::File && folder.up == 0;
        if is_file && !is_normalized {
            return None;
        }
        if part == ".." {
            folder = parent(folder)?;
        } else if folder.below.is_empty() {
            part.clone_into(&mut folder.below);
        } else {
            folder.below = format!("{}/{part}", folder.below);
        }
    }
    Some(folder)
}

#[cfg(test)]
mod tests {
    use super::Folders;
    use crate::conditions::{Conditions, Target};
    use crate::names::Names;
    use crate::parse;
    use pycheck_model::PythonVersion;
    use ruff_python_ast::Stmt;

    /// The folder in words: what it starts from, how far up, what below.
    fn folder(source: &str) -> String {
        let version = PythonVersion { major: 3, minor: 12 };
        let imports = "import os, pathlib\nimport os.path as osp\nfrom pathlib import Path\n";
        let file = parse(format!("{imports}HERE = osp.dirname(__file__)\n{source}"), version);
        let Some(Stmt::Expr(stmt)) = file.body().last() else { panic!("{source}") };
        let target = Target { version, platform: "linux".to_owned() };
        let conditions = Conditions::new(Names::new(file.body()), &target);
        let folders = Folders { conditions: &conditions, locals: &[] };
        let found = folders.folder(&stmt.value);
        found.map_or("?".to_owned(), |it| format!("{:?} {} {}", it.base, it.up, it.below))
    }

    #[test]
    fn paths_are_followed_as_functions_make_them() {
        for (source, expected) in [
            ("os.path.dirname(os.path.abspath(__file__))", "File 1 "),
            ("os.path.join(HERE, '..', 'lib')", "File 2 lib"),
            ("os.path.abspath(os.path.join(__file__, os.pardir, os.pardir))", "File 2 "),
            ("HERE + '/../lib'", "File 2 lib"),
            ("str(Path(__file__).resolve().parents[1] / 'src' / 'a')", "File 2 src/a"),
            ("pathlib.Path(__file__).parent.parent.joinpath('x/y').as_posix()", "File 2 x/y"),
            ("Path(__file__).with_name('lib')", "File 1 lib"),
            ("os.path.dirname('lib/x')", "Start 0 lib"),
            ("os.path.join(os.getcwd(), 'lib')", "Start 0 lib"),
            ("os.path.join(HERE, '/opt/lib')", "Root 0 opt/lib"),
        ] {
            assert_eq!(folder(source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_not_known_is_no_folder() {
        for source in [
            "os.environ['LIB']",
            "os.path.join(HERE, name)",
            "os.path.join(__file__, '..')",
            "HERE + 'lib'",
            "os.path.join(HERE, 'lib.zip')",
            "os.path.expanduser('~/lib')",
            "Path(__file__).parents[-1]",
        ] {
            assert_eq!(folder(source), "?", "{source}");
        }
    }
}
