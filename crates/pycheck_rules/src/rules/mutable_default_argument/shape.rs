//! What kind of mutable object a default is, and what changes such an object.

use crate::facts;

/// The kinds of mutable objects whose behaviour differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    List,
    Dict,
    DefaultDict,
    Set,
    /// A tuple that contains something mutable.
    Tuple,
    /// Another container, with the methods of lists, dicts or sets.
    Container(&'static str),
    /// A file or stream, which has a position.
    Stream,
    Queue,
    /// `types.SimpleNamespace`.
    Namespace,
    /// A generator expression.
    Generator,
    /// What `iter`, `zip`, `open` and the like return.
    Iterator,
    /// An instance of a class of the same file.
    Instance,
    /// One of several kinds, or a kind that a setting names.
    Unknown,
}

const STREAM_METHODS: &[&str] = &[
    "close",
    "read",
    "readinto",
    "readline",
    "readlines",
    "seek",
    "truncate",
    "write",
    "writelines",
];

const QUEUE_METHODS: &[&str] =
    &["get", "get_nowait", "join", "put", "put_nowait", "shutdown", "task_done"];

impl Shape {
    /// What it is called in a message.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Dict => "dict",
            Self::DefaultDict => "defaultdict",
            Self::Set => "set",
            Self::Tuple => "tuple and what is in it",
            Self::Container(noun) => noun,
            Self::Stream => "stream",
            Self::Queue => "queue",
            Self::Namespace => "namespace",
            Self::Generator => "generator",
            Self::Iterator => "iterator",
            Self::Instance | Self::Unknown => "object",
        }
    }

    /// Whether reading it changes it.
    pub(super) fn is_one_shot(self) -> bool {
        matches!(self, Self::Generator | Self::Iterator)
    }

    /// Whether `x += …` and the like change the object instead of making a new one.
    pub(super) fn changes_in_place(self) -> bool {
        !matches!(self, Self::Tuple | Self::Instance)
    }

    /// What a call of this method does to the object, if it changes it.
    pub(super) fn change_by(self, method: &str) -> Option<&'static str> {
        let changes = match self {
            Self::Tuple | Self::Namespace | Self::Generator | Self::Iterator | Self::Instance => {
                false
            }
            Self::Stream => STREAM_METHODS.contains(&method),
            Self::Queue => QUEUE_METHODS.contains(&method),
            _ => facts::is_mutating_method(method),
        };
        changes.then(|| verb(method))
    }

    /// Whether the truth value tells whether it is empty.
    pub(super) fn has_length(self) -> bool {
        matches!(
            self,
            Self::List
                | Self::Dict
                | Self::DefaultDict
                | Self::Set
                | Self::Tuple
                | Self::Container(_)
        )
    }
}

/// What a method does, in words that follow "is".
pub(super) fn verb(method: &str) -> &'static str {
    match method {
        "append" | "appendleft" => "appended to",
        "extend" | "extendleft" => "extended",
        "insert" => "inserted into",
        "add" => "added to",
        "update" => "updated",
        "setdefault" | "__setitem__" => "given items",
        "pop" | "popitem" | "popleft" | "remove" | "discard" | "__delitem__" | "get"
        | "get_nowait" => "taken from",
        "clear" => "emptied",
        "sort" => "sorted in place",
        "reverse" => "reversed in place",
        "put" | "put_nowait" => "filled",
        "write" | "writelines" => "written to",
        "read" | "readline" | "readlines" | "readinto" => "read on",
        "close" => "closed",
        _ => "changed in place",
    }
}
