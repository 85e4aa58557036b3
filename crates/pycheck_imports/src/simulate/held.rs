//! What a module holds under a name once everything has run, for a user who asks.

use std::path::PathBuf;

use pycheck_model::Site;
use rustc_hash::FxHashSet;

use super::machine::Machine;
use super::outside;
use super::space::{Presence, Value};
use super::table::{Code, NodeId, Submodule, Target};
use super::{Reporter, Simulation};

/// What a from-import finds under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Held {
    /// The module binds it.
    Attribute {
        /// The line that binds it, if the module is part of the session and the line is known.
        at: Option<Site>,
        /// The module that it stands for, if it is one, with its file.
        module: Option<(String, Option<PathBuf>)>,
    },
    /// No attribute; the submodule is imported.
    Submodule(Option<PathBuf>),
    /// It can't be told, for this reason.
    Unknown(&'static str),
    /// Neither.
    Missing,
}

impl Simulation<'_> {
    /// The name of the module that a from-import asks.
    pub(crate) fn name_of(&self, target: &Target) -> Option<String> {
        let Target::Found(chain) = target else { return None };
        Some(self.table.node(*chain.last()?).name.to_string())
    }
}

impl Reporter<'_, '_> {
    /// What a module holds under a name once everything has run.
    pub(crate) fn held(&mut self, target: &Target, name: &str) -> Option<Held> {
        let Target::Found(chain) = target else { return None };
        let module = *chain.last()?;
        let members = FxHashSet::default();
        // A check makes do with less for modules outside of the session.
        outside::finalize_once(&mut self.simulation.table, module);
        let mut machine = Machine::new(&mut self.simulation.table, &members);
        let id = machine.table.name(name);
        let seen = machine.final_attribute(module, id);
        let own = machine.view(module).map(|space| space.get(id));
        let is_own = own.is_some_and(|own| own.presence != Presence::Unbound);
        let submodule = machine.table.submodule(module, id);
        let child = match (seen.value, submodule) {
            (Value::Module(node), Submodule::Found(child)) => node == child,
            (Value::Other, Submodule::Found(_)) => seen.presence == Presence::Maybe,
            _ => false,
        };
        Some(match seen.presence {
            Presence::Unbound => Held::Missing,
            _ if child => {
                let Submodule::Found(node) = submodule else { return None };
                Held::Submodule(self.place(node))
            }
            Presence::Bound if is_own => {
                let site = self.binding_site(module, id);
                let at = site.map(|index| Site { file: module, index });
                let module = match seen.value {
                    Value::Module(node) => Some((self.name_of(node), self.place(node))),
                    Value::Other => None,
                };
                Held::Attribute { at, module }
            }
            Presence::Bound | Presence::Maybe => Held::Unknown(self.doubt(module)),
        })
    }

    fn name_of(&self, node: NodeId) -> String {
        self.simulation.table.node(node).name.to_string()
    }

    fn place(&self, node: NodeId) -> Option<PathBuf> {
        self.simulation.table.node(node).file.clone()
    }

    /// Why it can't be told what a module holds.
    fn doubt(&mut self, module: NodeId) -> &'static str {
        if self.simulation.table.node(module).code == Code::Opaque {
            return "the code of the module is not read, as it is compiled or built in";
        }
        let members = FxHashSet::default();
        let machine = Machine::new(&mut self.simulation.table, &members);
        if machine.view(module).is_some_and(|space| space.is_open) {
            "the module may bind any name: by `__getattr__`, `globals()`, a star import or the like"
        } else {
            "it is bound on some ways through the module, or set from elsewhere"
        }
    }
}
