//! What an import statement binds a name to, as far as the statement alone says it.

use std::fmt;

/// What a name is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning<'a> {
    /// The leading dots.
    pub(super) level: u32,
    /// The dotted name after them.
    pub(super) module: &'a str,
    /// The name within that module; `None` for the module itself.
    pub(super) name: Option<&'a str>,
}

/// What two imports of one name have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// `import a.b` and `import a.c` both bind `a`, and both do more than that.
    SameModule,
    /// The same thing of the same module.
    Same,
    /// One module may have the name from the other.
    MayBeSame,
    /// Two things.
    Different,
}

impl<'a> Meaning<'a> {
    /// A module, by its absolute name.
    pub(super) fn module(name: &'a str) -> Self {
        Self { level: 0, module: name, name: None }
    }

    pub(super) fn relation(&self, other: &Self) -> Relation {
        if self == other {
            return if self.name.is_none() { Relation::SameModule } else { Relation::Same };
        }
        let (own, others) = (self.parts(), other.parts());
        if self.level == other.level && own == others {
            return Relation::Same;
        }
        let may_be_same = own.last() == others.last()
            && (self.is_around(other)
                || other.is_around(self)
                || self.is_end_of(other)
                || other.is_end_of(self));
        if may_be_same { Relation::MayBeSame } else { Relation::Different }
    }

    fn parts(&self) -> Vec<&'a str> {
        self.module.split('.').chain(self.name).filter(|part| !part.is_empty()).collect()
    }

    /// A relative name may be what an absolute one says, or one with more dots.
    fn is_end_of(&self, other: &Self) -> bool {
        let (own, others) = (self.parts(), other.parts());
        let says_more = other.level == 0 || other.level > self.level;
        self.level > 0 && says_more && own.len() < others.len() && others.ends_with(&own)
    }

    /// Whether the module is a package around that of the other, which often has its names from there.
    fn is_around(&self, other: &Self) -> bool {
        let (own, others) = (self.parts(), other.parts());
        let outer = own.split_last().map_or(&[][..], |(_, module)| module);
        let inner = others.split_last().map_or(&[][..], |(_, module)| module);
        let is_package = self.level > 0 || !outer.is_empty();
        self.level == other.level && is_package && inner.starts_with(outer)
    }
}

impl fmt::Display for Meaning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dots = ".".repeat(self.level as usize);
        match self.name {
            Some(name) if self.module.is_empty() => write!(f, "{dots}{name}"),
            Some(name) => write!(f, "{dots}{}.{name}", self.module),
            None => write!(f, "{dots}{}", self.module),
        }
    }
}
