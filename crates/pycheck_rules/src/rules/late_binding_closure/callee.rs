//! What a callee does with a function or iterator that it is given, as far as its name tells.

use pycheck_syntax::bindings::BindingKind;
use ruff_python_ast::{Expr, ExprCall};

use super::callee_names::{
    BUILTIN_MODULES, CONTAINERS, DRAINING_METHODS, DRAINS, FULL_IMMEDIATE, FULL_KEEPS, IMMEDIATE,
    INSPECTS, KEEPING_FIRST_WORDS, KEEPING_LAST_WORDS, KEEPING_NAMES, KEEPS, LAZY, LAZY_SORTERS,
    Names, RETURNS_DEFAULT, RUNS, SORTERS, STORES, STORES_ALL, WRAPS,
};
use super::carrier::Carrier;
use crate::rule::Context;

/// The callee of a call.
#[derive(Debug)]
pub(super) struct Callee<'a> {
    /// The last part of its name, through imports: `where` of `np.where`.
    pub(super) name: String,
    /// Its full name, where imports and builtins tell.
    pub(super) full: Option<String>,
    /// What its method is called on.
    pub(super) receiver: Option<&'a Expr>,
    /// It is a variable of the file that hides a builtin or is a parameter.
    is_variable: bool,
}

/// What a callee does with an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Calls it, drains it or looks at it before it returns.
    Immediate,
    /// Draws all elements out of it into a new object.
    Collects,
    /// Returns an iterator that calls it or draws on it step by step.
    Lazy,
    /// Returns an object that refers to it.
    Wraps,
    /// Returns it, or another argument.
    Chooses,
    /// Puts it into the object that the method is called on.
    Stores,
    /// Puts it into the attribute of the first argument.
    SetsAttribute,
    /// Runs it beside or after the caller; the result tells when it is done.
    Runs,
    /// Keeps it, as is known of this callee.
    Keeps,
    /// Keeps it, to judge by the name or the keyword.
    LikelyKeeps,
    /// Nothing is known.
    Unknown,
}

/// An argument as the callee sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arg<'a> {
    /// Its place among the positional arguments.
    pub(super) index: Option<usize>,
    /// Its keyword.
    pub(super) keyword: Option<&'a str>,
}

/// The callee of `call`, or `None` when it has no name.
pub(super) fn callee_of<'a>(cx: &Context<'a>, call: &'a ExprCall) -> Option<Callee<'a>> {
    callee_named(cx, &call.func)
}

/// The callee that an expression names.
pub(super) fn callee_named<'a>(cx: &Context<'a>, func: &'a Expr) -> Option<Callee<'a>> {
    let full = cx.bindings().qualified_name(func);
    match func {
        Expr::Name(name) => {
            let last = full.as_deref().and_then(|full| full.rsplit('.').next());
            Some(Callee {
                name: last.unwrap_or(&name.id).to_owned(),
                is_variable: full.is_none(),
                full,
                receiver: None,
            })
        }
        Expr::Attribute(attribute) => Some(Callee {
            name: attribute.attr.to_string(),
            is_variable: false,
            full,
            receiver: Some(&attribute.value),
        }),
        Expr::Subscript(node) => callee_named(cx, &node.value),
        _ => None,
    }
}

impl Callee<'_> {
    /// What the callee does with an argument of this form.
    pub(super) fn role(&self, arg: Arg<'_>, carrier: Carrier) -> Role {
        if self.name == "type" && arg.index == Some(2) {
            return Role::Wraps;
        }
        if INSPECTS.contains(&self.name) {
            return Role::Immediate;
        }
        let known = if carrier.is_callable() {
            self.role_for_function(arg)
        } else if matches!(carrier, Carrier::Holder | Carrier::Class) {
            self.role_for_holder(arg)
        } else if carrier == Carrier::Coroutine {
            self.role_for_coroutine(arg)
        } else {
            self.role_for_iterator(arg)
        };
        known.unwrap_or_else(|| self.role_by_name(arg))
    }

    /// Whether the name is that of a builtin or of a function of this module, through any import.
    fn is_from(&self, modules: Names) -> bool {
        self.full.as_deref().is_some_and(|full| {
            let module = full.rsplit_once('.').map_or("", |(module, _)| module);
            modules.iter().any(|wanted| {
                module == wanted || module.strip_suffix(wanted).is_some_and(|m| m.ends_with('.'))
            })
        })
    }

    fn is_builtin_like(&self) -> bool {
        !self.is_variable && (self.receiver.is_none() || self.is_from(BUILTIN_MODULES))
    }

    fn role_for_function(&self, arg: Arg<'_>) -> Option<Role> {
        let name = self.name.as_str();
        let is_first = arg.index == Some(0);
        if arg.keyword == Some("key") && SORTERS.contains(name) {
            return Some(if LAZY_SORTERS.contains(name) { Role::Lazy } else { Role::Immediate });
        }
        if is_checker(name) || IMMEDIATE.contains(name) || self.is_immediate_method(arg) {
            return Some(Role::Immediate);
        }
        if self.is_builtin_like() && LAZY.contains(name) {
            return Some(Role::Lazy);
        }
        if RETURNS_DEFAULT.contains(name) && arg.index != Some(0) {
            return Some(Role::Chooses);
        }
        if WRAPS.contains(name) || (self.is_builtin_like() && CONTAINERS.contains(name)) {
            return Some(Role::Wraps);
        }
        if self.receiver.is_some() && name == "map" && is_first {
            return Some(if self.is_pool() { Role::Lazy } else { Role::Immediate });
        }
        self.role_of_keeper(arg)
    }

    fn is_immediate_method(&self, arg: Arg<'_>) -> bool {
        let full = self.full.as_deref().unwrap_or_default();
        let is_module = self.receiver.is_some() || self.full.is_some();
        (is_module && matches!(self.name.as_str(), "sub" | "subn") && arg.index != Some(2))
            || FULL_IMMEDIATE.contains(full)
            || (full.starts_with("scipy.") && full.contains(".optimize"))
            || (full.starts_with("scipy.integrate."))
            || (self.name == "run" && self.receiver_is_called(&["ctx", "context"]))
            || (self.name == "run" && self.receiver_is_made_by(&["copy_context", "Context"]))
    }

    /// Whether the receiver's name ends with one of these words.
    fn receiver_is_called(&self, words: &[&str]) -> bool {
        let name = match self.receiver {
            Some(Expr::Name(name)) => name.id.as_str(),
            Some(Expr::Attribute(attribute)) => attribute.attr.as_str(),
            _ => return false,
        };
        let name = name.to_ascii_lowercase();
        words.iter().any(|word| name.ends_with(word))
    }

    /// Whether the receiver is a call of something with one of these names.
    fn receiver_is_made_by(&self, makers: &[&str]) -> bool {
        let Some(Expr::Call(call)) = self.receiver else { return false };
        match &*call.func {
            Expr::Name(name) => makers.contains(&name.id.as_str()),
            Expr::Attribute(attribute) => makers.contains(&attribute.attr.as_str()),
            _ => false,
        }
    }

    fn is_pool(&self) -> bool {
        self.receiver_is_called(&["executor", "rdd"])
    }

    fn role_of_keeper(&self, arg: Arg<'_>) -> Option<Role> {
        let name = self.name.as_str();
        if name == "setattr" && arg.index == Some(2) {
            return Some(Role::SetsAttribute);
        }
        let is_timer = self.full.as_deref().is_some_and(|full| full.starts_with("timeit."));
        let is_thread = !is_timer
            && matches!(name, "Thread" | "Timer" | "Process")
            && (matches!(arg.keyword, Some("target" | "function")) || arg.index.is_some());
        if is_thread || RUNS.contains(name) {
            return Some(Role::Runs);
        }
        if KEEPS.contains(name)
            || self.full.as_deref().is_some_and(|full| FULL_KEEPS.contains(full))
        {
            return Some(Role::Keeps);
        }
        let stores = STORES.contains(name) || (name == "update" && arg.keyword.is_some());
        (self.receiver.is_some() && stores).then_some(Role::Stores)
    }

    fn role_for_holder(&self, arg: Arg<'_>) -> Option<Role> {
        let name = self.name.as_str();
        if self.receiver.is_some() && (STORES.contains(name) || STORES_ALL.contains(name)) {
            return Some(Role::Stores);
        }
        if CONTAINERS.contains(name) || LAZY.contains(name) || WRAPS.contains(name) {
            return Some(Role::Wraps);
        }
        if matches!(name, "next" | "min" | "max" | "getattr") {
            return Some(Role::Chooses);
        }
        if DRAINS.contains(name) {
            return Some(Role::Immediate);
        }
        self.role_of_keeper(arg)
    }

    fn role_for_coroutine(&self, arg: Arg<'_>) -> Option<Role> {
        let name = self.name.as_str();
        if matches!(name, "run" | "run_until_complete" | "run_sync" | "async_to_sync") {
            return Some(Role::Immediate);
        }
        if matches!(name, "wait_for" | "shield" | "gather" | "wait") {
            return Some(Role::Wraps);
        }
        self.role_of_keeper(arg)
    }

    fn role_for_iterator(&self, arg: Arg<'_>) -> Option<Role> {
        let name = self.name.as_str();
        let is_method = self.receiver.is_some();
        if is_method && (DRAINING_METHODS.contains(name) || STORES_ALL.contains(name)) {
            return Some(Role::Collects);
        }
        if self.is_variable {
            return None;
        }
        if CONTAINERS.contains(name) {
            return Some(Role::Collects);
        }
        if DRAINS.contains(name) || SORTERS.contains(name) {
            return Some(Role::Immediate);
        }
        if LAZY.contains(name) {
            return Some(Role::Lazy);
        }
        if RETURNS_DEFAULT.contains(name) && arg.index != Some(0) {
            return Some(Role::Chooses);
        }
        if is_method && STORES.contains(name) {
            return Some(Role::Stores);
        }
        KEEPS.contains(name).then_some(Role::Keeps)
    }

    fn role_by_name(&self, arg: Arg<'_>) -> Role {
        let by_keyword = arg.keyword.is_some_and(says_that_it_keeps_as_keyword);
        let name = self.name.trim_start_matches('_');
        let is_class = name.starts_with(|first: char| first.is_uppercase());
        if by_keyword || (!is_class && says_that_it_keeps(&self.name)) {
            Role::LikelyKeeps
        } else {
            Role::Unknown
        }
    }
}

/// Whether the value that a container method is called on is known to be a container: a name or
/// attribute that the file assigns a display or a call of a container class.
pub(super) fn is_container_in_view(cx: &Context<'_>, receiver: &Expr) -> bool {
    match receiver {
        Expr::Name(name) => cx.bindings().symbol_of(name).is_some_and(|symbol| {
            cx.bindings().symbol(symbol).bindings.iter().any(|binding| match binding.kind {
                BindingKind::Assignment(Some(value)) | BindingKind::Annotated(value) => {
                    is_container(value)
                }
                _ => false,
            })
        }),
        Expr::Attribute(attribute) => attribute_is_container(cx, &attribute.attr),
        Expr::Subscript(node) => is_container_in_view(cx, &node.value),
        _ => is_container(receiver),
    }
}

fn attribute_is_container(cx: &Context<'_>, attr: &str) -> bool {
    use ruff_python_ast::visitor::{Visitor, walk_stmt};
    use ruff_python_ast::{Stmt, StmtAnnAssign, StmtAssign};

    struct Find<'n>(&'n str, bool);
    impl<'a> Visitor<'a> for Find<'_> {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            let (target, value) = match stmt {
                Stmt::Assign(StmtAssign { targets, value, .. }) => (targets.first(), Some(value)),
                Stmt::AnnAssign(StmtAnnAssign { target, value, .. }) => {
                    (Some(&**target), value.as_ref())
                }
                _ => (None, None),
            };
            let is_named = match target {
                Some(Expr::Attribute(target)) => target.attr.as_str() == self.0,
                Some(Expr::Name(name)) => name.id.as_str() == self.0,
                _ => false,
            };
            self.1 |= is_named && value.is_some_and(|value| is_container(value));
            walk_stmt(self, stmt);
        }

        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut find = Find(attr, false);
    find.visit_body(cx.file.body());
    find.1
}

fn is_container(value: &Expr) -> bool {
    match value {
        Expr::List(_)
        | Expr::Dict(_)
        | Expr::Set(_)
        | Expr::ListComp(_)
        | Expr::DictComp(_)
        | Expr::SetComp(_) => true,
        Expr::Call(call) => {
            let name = match &*call.func {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => return false,
            };
            matches!(
                name,
                "list" | "dict" | "set" | "deque" | "defaultdict" | "OrderedDict" | "Queue"
            )
        }
        _ => false,
    }
}

fn is_checker(name: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "assertRaises",
        "assertWarns",
        "assertLogs",
        "assertNoLogs",
        "assert_raises",
        "assert_warns",
        "assert_no_warnings",
        "failUnlessRaises",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a callee's name says that it keeps what it is given.
pub(super) fn says_that_it_keeps(name: &str) -> bool {
    let words = words(name);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let sets = first == "set" && words.len() > 1;
    sets || KEEPING_NAMES.contains(name)
        || (KEEPING_FIRST_WORDS.contains(first) && (first != "on" || words.len() > 1))
        || KEEPING_LAST_WORDS.contains(last)
}

fn says_that_it_keeps_as_keyword(keyword: &str) -> bool {
    const WHOLE: &[&str] = &["command", "target", "func", "callback", "handler", "hook"];
    const ENDS: &[&str] = &["_method", "_callback", "_factory", "_handler", "_hook"];
    // A callback for progress is called while the callee works.
    !keyword.contains("progress")
        && (WHOLE.contains(&keyword)
            || keyword.starts_with("on_")
            || ENDS.iter().any(|end| keyword.ends_with(end)))
}

/// `addCallback` and `add_callback` as `["add", "callback"]`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    for letter in name.chars() {
        let current = words.last_mut().expect("the list begins with one word");
        if letter == '_' {
            words.push(String::new());
        } else if letter.is_uppercase() && !current.ends_with(|c: char| c.is_uppercase()) {
            words.push(letter.to_lowercase().collect());
        } else {
            current.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
