//! The names of modules that are not run with the rest: installed packages and the standard library
//! are read one file at a time, and only a star import leads on to the next.

use std::rc::Rc;

use pycheck_model::{Import, ImportKind};
use rustc_hash::FxHashSet;

use super::machine::Machine;
use super::space::Space;
use super::table::{Code, Final, NodeId, Table, Target};
use crate::suggest::relative_base;

/// Finds out the names of a module outside of the session, and keeps them.
pub(super) fn finalize(table: &mut Table<'_>, node: NodeId) {
    let is_standard = table.node(node).is_standard;
    let opaque = || Final {
        space: Space::open(),
        fails: None,
        is_clean: is_standard,
        has_ended: false,
        loads: Rc::default(),
        perhaps: Rc::default(),
    };
    if matches!(table.node(node).code, Code::Session(_)) {
        return;
    }
    // Whoever asks while it is being read gets no answer.
    table.finals.insert(node, Rc::new(opaque()));
    let space = match table.node(node).code {
        Code::Namespace => Space::default(),
        Code::Opaque | Code::Session(_) => return,
        Code::Outside(_) => {
            let members = FxHashSet::from_iter([node]);
            let mut machine = Machine::new(table, &members);
            // What a package's own failure would be is not looked for.
            if machine.run(node).is_err() {
                return;
            }
            machine.live.remove(&node).map_or_else(Space::open, |live| live.space)
        }
    };
    table.finals.insert(node, Rc::new(Final { space, ..opaque() }));
}

/// As [`finalize`], unless it is known already.
pub(super) fn finalize_once(table: &mut Table<'_>, node: NodeId) {
    if !table.finals.contains_key(&node) {
        finalize(table, node);
    }
}

/// What an import of such a module leads to: only a star import is followed.
pub(super) fn target(table: &mut Table<'_>, node: NodeId, import: &Import) -> Target {
    let ImportKind::From { level, module, names } = &import.kind else { return Target::Unknown };
    // The standard library's star imports lead to much code, and hardly ever to a name that is missing.
    let is_followed = names.iter().any(|name| name.name == "*") && !table.node(node).is_standard;
    if !is_followed {
        return Target::Unknown;
    }
    let name = if *level == 0 {
        module.clone()
    } else {
        let Some(base) = relative_base(table.package(node), *level) else {
            return Target::Unknown;
        };
        let dot = if module.is_empty() { "" } else { "." };
        format!("{base}{dot}{module}")
    };
    let path = table.node(node).path;
    table.chain(&name, path)
}
