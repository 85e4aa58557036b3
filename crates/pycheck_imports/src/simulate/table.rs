//! The modules that the simulation knows, by number, and how one leads to another.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use pycheck_model::{CompactString, Exception, ModuleSummary};
use rustc_hash::{FxHashMap, FxHashSet};

use super::space::Space;
use crate::folders::{Folders, Listing};
use crate::link::ModuleInput;
use crate::resolve::{Kind, Module, Resolution, Resolver, SearchPath};

/// The number of a module.
pub(crate) type NodeId = u32;

/// The number of a name.
pub(super) type NameId = u32;

/// Where a module's code is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    /// A file of the session, by its number.
    Session(u32),
    /// A source file that is no part of the session.
    Outside(PathBuf),
    /// None: a folder without `__init__`.
    Namespace,
    /// None that can be read.
    Opaque,
}

/// A module.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: Rc<str>,
    pub(super) path: SearchPath,
    pub(super) code: Code,
    pub(super) file: Option<PathBuf>,
    pub(super) is_package: bool,
    /// It belongs to the standard library, which can be imported.
    pub(super) is_standard: bool,
}

/// What an import statement leads to.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// The modules of the dotted name, from the first part to the last.
    Found(Rc<[NodeId]>),
    /// The statement raises once it has run these modules.
    Raises(Exception, Rc<[NodeId]>),
    /// It can't be told.
    Unknown,
}

/// A submodule, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Submodule {
    Found(NodeId),
    Missing,
    Unknown,
}

/// How a module is once it has run.
#[derive(Debug, Clone)]
pub(super) struct Final {
    pub(super) space: Space,
    /// Importing it raises this.
    pub(super) fails: Option<Exception>,
    /// Importing it surely raises nothing that a handler for `ImportError` would catch.
    pub(super) is_clean: bool,
    /// It is ended by an exception of its own, or ends the program.
    pub(super) has_ended: bool,
    /// The modules that importing it surely imports.
    pub(super) loads: Rc<[NodeId]>,
    /// Those that it imports where nothing is certain.
    pub(super) perhaps: Rc<[NodeId]>,
}

type Children = FxHashMap<(SearchPath, Rc<str>), Vec<NodeId>>;

/// All modules and names.
pub(super) struct Table<'a> {
    pub(super) resolver: &'a Resolver<'a>,
    pub(super) modules: &'a [ModuleInput],
    pub(super) nodes: Vec<Node>,
    /// For each file of the session, its node.
    pub(super) session: Vec<NodeId>,
    /// For each file of the session, what its imports lead to.
    pub(super) targets: Vec<Vec<Target>>,
    /// For each file of the session, the files that it may run.
    pub(super) edges: Vec<Vec<NodeId>>,
    /// The sets of modules that all lead to each other, packages around them included.
    pub(super) cyclic: Vec<Vec<NodeId>>,
    pub(super) finals: FxHashMap<NodeId, Rc<Final>>,
    /// The modules of the session below each package, by its search path and name; once asked for.
    children: Option<Children>,
    /// Names that some code sets on an imported module.
    pub(super) patched: FxHashSet<NameId>,
    /// Which names modules outside of the session plainly have, as far as that was asked.
    pub(super) plain: FxHashMap<(NodeId, NameId), bool>,
    /// Imports that are never reached.
    pub(super) blocked: FxHashSet<(NodeId, u32)>,
    /// `__getattr__`
    pub(super) getattr: NameId,
    /// By path, as a text: the parts of a path would be hashed one by one.
    by_place: FxHashMap<OsString, NodeId>,
    by_name: FxHashMap<SearchPath, FxHashMap<String, NodeId>>,
    chains: FxHashMap<SearchPath, FxHashMap<String, Target>>,
    names: FxHashMap<CompactString, NameId>,
    texts: Vec<CompactString>,
    own_names: FxHashMap<NodeId, Rc<[NameId]>>,
    submodules: FxHashMap<(NodeId, NameId), Submodule>,
    /// The folders of packages that have no submodules from elsewhere.
    only_folders: FxHashMap<NodeId, Option<Rc<[Arc<Listing>]>>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(resolver: &'a Resolver<'a>, modules: &'a [ModuleInput]) -> Self {
        let mut table = Self {
            resolver,
            modules,
            nodes: Vec::new(),
            session: Vec::new(),
            targets: Vec::new(),
            edges: Vec::new(),
            cyclic: Vec::new(),
            finals: FxHashMap::default(),
            children: None,
            patched: FxHashSet::default(),
            plain: FxHashMap::default(),
            blocked: FxHashSet::default(),
            getattr: 0,
            by_place: FxHashMap::default(),
            by_name: FxHashMap::default(),
            chains: FxHashMap::default(),
            names: FxHashMap::default(),
            texts: Vec::new(),
            own_names: FxHashMap::default(),
            submodules: FxHashMap::default(),
            only_folders: FxHashMap::default(),
        };
        table.getattr = table.name("__getattr__");
        table
    }

    pub(super) fn folders(&self) -> &'a dyn Folders {
        self.resolver.folders()
    }

    pub(super) fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node as usize]
    }

    /// The number of a name.
    pub(super) fn name(&mut self, text: &str) -> NameId {
        if let Some(known) = self.names.get(text) {
            return *known;
        }
        let id = self.texts.len() as NameId;
        self.texts.push(text.into());
        self.names.insert(text.into(), id);
        id
    }

    pub(super) fn text(&self, name: NameId) -> &str {
        &self.texts[name as usize]
    }

    /// The numbers of the names that a module's steps speak of.
    pub(super) fn own_names(&mut self, node: NodeId, summary: &ModuleSummary) -> Rc<[NameId]> {
        if let Some(known) = self.own_names.get(&node) {
            return known.clone();
        }
        let names: Rc<[NameId]> = summary.body.names.iter().map(|name| self.name(name)).collect();
        self.own_names.insert(node, names.clone());
        names
    }

    /// Adds the file of the session that comes next, under the name that it has.
    pub(super) fn add_session_file(&mut self, file: &Path, name: String, path: SearchPath) {
        let is_package = file.file_stem().is_some_and(|stem| stem == "__init__");
        let node = Node {
            name: name.clone().into(),
            path,
            code: Code::Session(self.session.len() as u32),
            file: Some(file.to_owned()),
            is_package,
            is_standard: false,
        };
        let id = self.push(node);
        self.session.push(id);
        self.by_place.insert(file.as_os_str().to_owned(), id);
        self.by_name.entry(path).or_default().insert(name, id);
    }

    /// The modules of the session right below a package.
    pub(super) fn children(&mut self, package: NodeId) -> Vec<NodeId> {
        let (nodes, session) = (&self.nodes, &self.session);
        let children = self.children.get_or_insert_with(|| {
            let mut children = Children::default();
            for id in session {
                let Node { name, path, .. } = &nodes[*id as usize];
                if let Some((parent, _)) = name.rsplit_once('.') {
                    children.entry((*path, parent.into())).or_default().push(*id);
                }
            }
            children
        });
        let Node { name, path, .. } = &nodes[package as usize];
        children.get(&(*path, name.clone())).cloned().unwrap_or_default()
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        (self.nodes.len() - 1) as NodeId
    }

    /// The node of a module that was found under a name.
    fn node_of(&mut self, name: &str, path: SearchPath, module: &Module) -> NodeId {
        let place = module.file().map(Path::to_owned).or_else(|| match &module.kind {
            Kind::Namespace => module.search.first().cloned(),
            _ => None,
        });
        if let Some(known) = place.as_ref().and_then(|place| self.by_place.get(place.as_os_str())) {
            return *known;
        }
        let code = match &module.kind {
            Kind::Package(file) | Kind::Source(file) => Code::Outside(file.clone()),
            Kind::Namespace => Code::Namespace,
            Kind::Compiled(_) | Kind::Standard(_) | Kind::Hooked => Code::Opaque,
        };
        let outside = self.resolver.outside();
        let node = Node {
            name: name.into(),
            path,
            code,
            file: module.file().map(Path::to_owned),
            is_package: !module.search.is_empty(),
            is_standard: module.file().is_none_or(|file| outside.is_in_standard_library(file)),
        };
        let id = self.push(node);
        if let Some(place) = place {
            self.by_place.insert(place.into_os_string(), id);
        }
        id
    }

    /// The node of a dotted name, if it leads to a module.
    fn find(&mut self, name: &str, path: SearchPath) -> Submodule {
        if let Some(known) = self.by_name.get(&path).and_then(|known| known.get(name)) {
            return Submodule::Found(*known);
        }
        match self.resolver.resolve(name, path) {
            Resolution::Found(module) => {
                let node = self.node_of(name, path, &module);
                self.by_name.entry(path).or_default().insert(name.to_owned(), node);
                Submodule::Found(node)
            }
            Resolution::Missing { .. } | Resolution::NotAPackage { .. } => Submodule::Missing,
            Resolution::Open => Submodule::Unknown,
        }
    }

    /// The nodes of a dotted name, from its first part on.
    pub(super) fn chain(&mut self, name: &str, path: SearchPath) -> Target {
        if let Some(known) = self.chains.get(&path).and_then(|known| known.get(name)) {
            return known.clone();
        }
        let chain = self.new_chain(name, path);
        self.chains.entry(path).or_default().insert(name.to_owned(), chain.clone());
        chain
    }

    fn new_chain(&mut self, name: &str, path: SearchPath) -> Target {
        let mut nodes = Vec::new();
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        for end in ends.take(crate::resolve::MOST_PARTS) {
            match self.find(&name[..end], path) {
                Submodule::Found(node) => nodes.push(node),
                Submodule::Missing | Submodule::Unknown => return Target::Unknown,
            }
        }
        Target::Found(nodes.into())
    }

    /// The module below a package.
    pub(super) fn submodule(&mut self, package: NodeId, child: NameId) -> Submodule {
        if !self.node(package).is_package {
            let is_open = self.node(package).code == Code::Opaque;
            return if is_open { Submodule::Unknown } else { Submodule::Missing };
        }
        if let Some(known) = self.submodules.get(&(package, child)) {
            return *known;
        }
        let found = if self.surely_lacks(package, child) {
            Submodule::Missing
        } else {
            let node = self.node(package);
            let (name, path) = (format!("{}.{}", node.name, self.text(child)), node.path);
            self.find(&name, path)
        };
        self.submodules.insert((package, child), found);
        found
    }

    /// The module below a package, if somebody has asked for it before.
    pub(super) fn known_submodule(&self, package: NodeId, child: NameId) -> Option<NodeId> {
        if let Some(Submodule::Found(node)) = self.submodules.get(&(package, child)) {
            return Some(*node);
        }
        let Node { name, path, is_package: true, .. } = self.node(package) else { return None };
        self.by_name.get(path)?.get(&format!("{name}.{}", self.text(child))).copied()
    }

    /// Whether a package surely has no submodule of this name. Most names that are imported from
    /// packages are none, and a look at its folder tells.
    fn surely_lacks(&mut self, package: NodeId, child: NameId) -> bool {
        if !self.only_folders.contains_key(&package) {
            let node = self.node(package);
            let folders = self.resolver.only_folders(&node.name, node.path).map(Rc::from);
            self.only_folders.insert(package, folders);
        }
        let folders = self.only_folders[&package].as_deref();
        let child = self.text(child);
        folders.is_some_and(|all| !all.iter().any(|folder| folder.may_have_stem(child)))
    }

    /// What a module's code does; `None` when it can't be read.
    pub(super) fn summary(&self, node: NodeId) -> Option<Arc<ModuleSummary>> {
        match &self.node(node).code {
            Code::Session(file) => Some(self.modules[*file as usize].summary.clone()),
            Code::Outside(file) => self.folders().summary(file),
            Code::Namespace | Code::Opaque => None,
        }
    }

    /// The name of the package that relative imports of a module start from.
    pub(super) fn package(&self, node: NodeId) -> &str {
        let node = self.node(node);
        if node.is_package {
            &node.name
        } else {
            node.name.rsplit_once('.').map_or("", |(package, _)| package)
        }
    }
}
