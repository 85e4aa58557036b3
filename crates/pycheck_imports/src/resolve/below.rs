//! What may lie below a package beside what its folders hold.

use std::path::PathBuf;
use std::sync::Arc;

use pycheck_model::PackagePath;

use super::{Kind, Module, Resolution, Resolver, SearchPath, namespace};
use crate::folders::Listing;
use crate::opened::Opened;

impl Resolver<'_> {
    /// Whether any package on the way to `name` changes what importing below it finds.
    pub(super) fn is_open(&self, name: &str, path: SearchPath) -> bool {
        let mut ancestor = name;
        while let Some((parent, _)) = ancestor.rsplit_once('.') {
            if let Resolution::Found(module) = self.resolve(parent, path)
                && self.opened(&module, parent).holds(name)
            {
                return true;
            }
            ancestor = parent;
        }
        false
    }

    /// The folders of a package below which nothing is found but what lies in them; `None` for one
    /// that may have submodules from elsewhere.
    pub(crate) fn only_folders(&self, name: &str, path: SearchPath) -> Option<Vec<Arc<Listing>>> {
        let Resolution::Found(package) = self.resolve(name, path) else { return None };
        match &package.kind {
            Kind::Namespace => {}
            Kind::Package(init) => {
                let portions = self.folders.summary(init)?.package_path;
                (portions == PackagePath::Own).then_some(())?;
            }
            _ => return None,
        }
        let ends = name.match_indices('.').map(|(end, _)| end).chain([name.len()]);
        let provides_nothing = |end: usize| match self.resolve(&name[..end], path) {
            Resolution::Found(module) => self.opened(&module, &name[..end]).is_nothing(),
            _ => false,
        };
        if !self.mapped.is_empty() || !ends.into_iter().all(provides_nothing) {
            return None;
        }
        package.search.iter().map(|folder| self.folders.list(folder)).collect()
    }

    /// What a module makes of the names below it when it is imported.
    fn opened(&self, module: &Module, name: &str) -> Arc<Opened> {
        let Some(file) = module.file() else {
            return Arc::new(if module.kind == Kind::Hooked { Opened::ALL } else { Opened::NONE });
        };
        if let Some(known) = self.opened.borrow().get(file) {
            return known.clone();
        }
        let find = |folders: &[PathBuf], child: &str| {
            let mut portions = Vec::new();
            self.find_in(folders, child, &mut portions).or_else(|| namespace(portions))
        };
        let is_standard = self.outside.is_in_standard_library(file);
        let opened = || {
            if is_standard {
                Opened::by_itself(self.folders, file)
            } else {
                Opened::by(self.folders, module, name, &find)
            }
        };
        let opened = Arc::new(self.unnoted(opened));
        self.opened.borrow_mut().insert(file.to_owned(), opened.clone());
        opened
    }
}
