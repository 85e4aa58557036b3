//! What lies where a missing module was looked for, and is not what CPython loads: a stub, a file
//! for another interpreter, another spelling.

use std::path::{Path, PathBuf};

use crate::failure::{Cause, Missing};
use crate::folders::{Entry, Listing, is_extension};
use crate::resolve::{Resolution, Resolver, SearchPath};

/// A file or folder that could be taken for the missing module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The file or folder.
    pub path: PathBuf,
    /// Why it is not the module.
    pub kind: NearMissKind,
}

/// Why something is not the module that its name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NearMissKind {
    /// An extension module for another version, system or build of Python. Looked for were these
    /// endings.
    OtherBuild(Vec<String>),
    /// Types only: `name.pyi`, or a folder `name-stubs`.
    Stub,
    /// The name is spelled with other small and capital letters.
    OtherCase,
}

/// What is near to the missing module of `cause` on one of the paths, the first that has any.
pub(crate) fn near_miss(
    resolver: &Resolver<'_>,
    cause: &Cause,
    paths: [SearchPath; 2],
) -> Option<NearMiss> {
    let Cause::NotFound { name, reason } = cause else { return None };
    if !matches!(reason, Missing::Everywhere | Missing::Undeclared | Missing::Submodule) {
        return None;
    }
    let search = Search::new(resolver, name.rsplit('.').next().unwrap_or(name));
    paths.into_iter().find_map(|path| {
        if let Some((parent, _)) = name.rsplit_once('.') {
            let Resolution::Found(module) = resolver.resolve(parent, path) else { return None };
            search.among(&module.search)
        } else {
            let roots = resolver.roots(path);
            search.among(&roots).or_else(|| search.among(&resolver.outside().site_packages))
        }
    })
}

/// What is near to a missing module in one folder.
pub(crate) fn near_miss_in(
    resolver: &Resolver<'_>,
    name: &str,
    folder: &PathBuf,
) -> Option<NearMiss> {
    Search::new(resolver, name).among(std::slice::from_ref(folder))
}

struct Search<'a> {
    resolver: &'a Resolver<'a>,
    name: &'a str,
    /// The name in small letters.
    small: String,
    /// The folder of a package of stubs for it.
    stubs: String,
}

impl<'a> Search<'a> {
    fn new(resolver: &'a Resolver<'a>, name: &'a str) -> Self {
        Self { resolver, name, small: name.to_lowercase(), stubs: [name, "-stubs"].concat() }
    }

    fn among(&self, folders: &[PathBuf]) -> Option<NearMiss> {
        folders.iter().find_map(|folder| {
            let listing = self.resolver.folders().list(folder)?;
            if !listing.has_like(&self.small) && !listing.has_folder(&self.stubs) {
                return None;
            }
            self.other_build(folder, &listing)
                .or_else(|| self.stub(folder, &listing))
                .or_else(|| self.other_case(folder, &listing))
        })
    }

    fn other_build(&self, folder: &Path, listing: &Listing) -> Option<NearMiss> {
        let is_build = |file: &str| {
            let ending = file.strip_prefix(self.name).filter(|ending| ending.starts_with('.'));
            ending.is_some() && is_extension(file)
        };
        let file = listing.first_like(&self.small, Entry::File, is_build)?;
        let endings = self.resolver.outside().extension_suffixes.clone();
        Some(NearMiss { path: folder.join(file), kind: NearMissKind::OtherBuild(endings) })
    }

    fn stub(&self, folder: &Path, listing: &Listing) -> Option<NearMiss> {
        let file = format!("{}.pyi", self.name);
        let found = if listing.has_file(&file) {
            &file
        } else {
            Some(&self.stubs).filter(|stubs| listing.has_folder(stubs))?
        };
        Some(NearMiss { path: folder.join(found), kind: NearMissKind::Stub })
    }

    fn other_case(&self, folder: &Path, listing: &Listing) -> Option<NearMiss> {
        let is_file = |entry: &str| {
            entry.strip_suffix(".py").is_some_and(|stem| self.is_other_spelling(stem))
        };
        let is_package = |entry: &str| {
            self.is_other_spelling(entry)
                && self.resolver.folders().is_regular_package(&folder.join(entry))
        };
        let found = listing.first_like(&self.small, Entry::Folder, is_package);
        let found = found.or_else(|| listing.first_like(&self.small, Entry::File, is_file))?;
        Some(NearMiss { path: folder.join(found), kind: NearMissKind::OtherCase })
    }

    fn is_other_spelling(&self, text: &str) -> bool {
        text != self.name && text.to_lowercase() == self.small
    }
}
