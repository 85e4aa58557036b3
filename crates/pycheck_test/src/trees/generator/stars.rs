//! What decides which names a module gives: `__all__` and `__getattr__`.

use super::Writer;
use super::layout::EXPORTS;
use crate::trees::features::Feature;
use crate::trees::program::{Node, block, line};

impl Writer<'_> {
    /// A function that answers every name but those that the interpreter asks for.
    pub(super) fn getattr(&mut self) -> Node {
        let refused = if self.wants(Feature::Unknown, 50) {
            "if name != \"one\":"
        } else {
            self.random.pick(&["if name.startswith(\"__\"):", "if name[:2] == \"__\":"])
        };
        let body =
            vec![block(refused, vec![line("raise AttributeError(name)")]), line("return type")];
        block("def __getattr__(name):", body)
    }

    /// `__all__`, at once or bit by bit.
    pub(super) fn dunder_all(&mut self) -> Vec<Node> {
        let names = self.listed_names();
        let (first, later) = names.split_at(names.len() / 2);
        let [all, first, later_list] = [&names, first, later].map(list);
        match self.random.below(10) {
            7 => vec![line(format!("__all__: list = [*{first}, *{later_list}]"))],
            8 => vec![
                line(format!("__all__ = {first}")),
                line(format!("__all__ = __all__ + {later_list}")),
            ],
            9 => vec![line(format!("__all__ = [*{all}]")), line("__all__.sort()")],
            0 => vec![line(format!("__all__ = ({})", tuple(&names)))],
            1 => vec![line(format!("__all__ = {first}")), line(format!("__all__ += {later_list}"))],
            2 => vec![
                line(format!("__all__ = {first}")),
                line(format!("__all__.extend({later_list})")),
            ],
            3 => std::iter::once(line(format!("__all__ = {first}")))
                .chain(later.iter().map(|name| line(format!("__all__.append(\"{name}\")"))))
                .collect(),
            4 => self.all_with_another(&all),
            5 => vec![line(format!("__all__ = {first} + {later_list}"))],
            _ => vec![line(format!("__all__ = {all}"))],
        }
    }

    fn listed_names(&mut self) -> Vec<String> {
        let this = self.this();
        let mut names =
            if self.has(Feature::Names) { this.exports.clone() } else { vec!["value".to_owned()] };
        names.retain(|_| !self.random.chance(25));
        let children = self.layout.children(&this.name).filter(|(_, it)| !it.raises);
        let children = children.filter_map(|(_, it)| it.name.last());
        for child in children {
            if self.random.chance(15) {
                names.push(child.clone());
            }
        }
        if self.wants(Feature::WrongAll, 15) {
            names.push(
                ["nope", EXPORTS[self.random.below(EXPORTS.len())]][self.random.below(2)]
                    .to_owned(),
            );
        }
        names
    }

    fn all_with_another(&mut self, own: &str) -> Vec<Node> {
        if self.modules.is_empty() || !self.has(Feature::Unknown) {
            return vec![line(format!("__all__ = {own}"))];
        }
        let (other, _) = self.modules[self.random.below(self.modules.len())].clone();
        vec![line(format!("__all__ = {own} + {other}.__all__"))]
    }
}

fn quoted(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("\"{name}\"")).collect()
}

fn list(names: impl AsRef<[String]>) -> String {
    format!("[{}]", quoted(names.as_ref()).join(", "))
}

fn tuple(names: &[String]) -> String {
    if let [name] = names { format!("\"{name}\",") } else { quoted(names).join(", ") }
}
