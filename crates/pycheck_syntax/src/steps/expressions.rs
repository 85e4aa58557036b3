//! What evaluating an expression does: attributes of imported modules that it reads, names that it
//! binds, functions of the module that it calls.

use pycheck_model::Step;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    AnyParameterRef, BoolOp, Comprehension, Expr, ExprBoolOp, ExprCall, ExprName, ExprNamed,
    Parameters,
};

use super::Steps;
use crate::conditions::Truth;
use crate::import_calls::imported_at;
use crate::nodes::is_leaf;

/// Callees that do nothing with the module whose `__name__` they are given.
const HARMLESS_WITH_NAME: &[&str] = &[
    "APIRouter",
    "Blueprint",
    "Celery",
    "FastAPI",
    "Flask",
    "Logger",
    "NewType",
    "Quart",
    "Sanic",
    "ValueError",
    "getChild",
    "getLogger",
    "get_logger",
    "getlogger",
    "format",
    "isinstance",
    "print",
    "namedtuple",
    "str",
    "warn",
    "info",
    "debug",
    "resource_filename",
    "resource_string",
    "resource_stream",
    "files",
    "split",
    "rsplit",
    "replace",
    "startswith",
    "partition",
    "rpartition",
    "AddonPreferences",
    "dirname",
    "join",
    "ImportError",
    "RuntimeError",
    "import_module",
    "get_module_logger",
    "create_logger",
    "getMessageFactory",
    "get_data",
];

/// Reads an expression, and puts what it does after `steps`.
pub(super) fn evaluate(owner: &mut Steps<'_, '_>, expr: &Expr, steps: &mut Vec<Step>) {
    if is_leaf(expr) {
        return;
    }
    let mut reader = Reader { owner, steps, is_conditional: false, depth: 0 };
    reader.visit_expr(expr);
}

/// What is evaluated where a function is defined: its defaults and annotations.
pub(super) fn parameters(owner: &mut Steps<'_, '_>, list: &Parameters, steps: &mut Vec<Step>) {
    for parameter in list {
        if let Some(default) = parameter.default() {
            evaluate(owner, default, steps);
        }
        if let Some(annotation) = parameter.annotation().filter(|_| owner.evaluates_annotations) {
            evaluate(owner, annotation, steps);
        }
    }
}

struct Reader<'r, 'a, 'c> {
    owner: &'r mut Steps<'a, 'c>,
    steps: &'r mut Vec<Step>,
    /// Whether this part is evaluated is not known.
    is_conditional: bool,
    depth: usize,
}

impl Reader<'_, '_, '_> {
    fn maybe(&mut self, expr: &Expr) {
        let outer = std::mem::replace(&mut self.is_conditional, true);
        self.visit_expr(expr);
        self.is_conditional = outer;
    }

    fn read(&mut self, expr: &Expr) {
        if !self.is_conditional
            && let Some(chain) = self.owner.chain(expr)
        {
            self.steps.push(Step::Read(Box::new(chain)));
        }
    }

    fn call(&mut self, call: &ExprCall) {
        let last = match &*call.func {
            Expr::Name(name) => Some(name.id.as_str()),
            Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
            _ => None,
        };
        let is_own_name = |expr: &Expr| expr.as_name_expr().is_some_and(|it| it.id == "__name__");
        let hands_itself = call.arguments.args.iter().any(is_own_name)
            || call.arguments.keywords.iter().any(|keyword| is_own_name(&keyword.value));
        if hands_itself && !last.is_some_and(|last| HARMLESS_WITH_NAME.contains(&last)) {
            self.owner.body.is_open = true;
        }
        if let Some(import) = self.import(call) {
            self.run(Step::Import(import));
        } else if let Expr::Name(name) = &*call.func
            && !self.owner.in_class()
        {
            let name = self.owner.name(&name.id);
            self.owner.called.push(name);
            self.run(Step::Call(name));
        }
    }

    fn run(&mut self, step: Step) {
        let is_sure = !self.is_conditional;
        self.steps.push(if is_sure { step } else { Step::Branch(vec![vec![step], Vec::new()]) });
    }

    /// The import that a call makes.
    fn import(&self, call: &ExprCall) -> Option<u32> {
        let place = self.owner.has_calls.then(|| imported_at(call, &self.owner.conditions.names));
        self.owner.import_in(place??)
    }
}

impl<'v> Visitor<'v> for Reader<'_, '_, '_> {
    fn visit_expr(&mut self, expr: &'v Expr) {
        if is_leaf(expr) || self.depth >= crate::MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match expr {
            Expr::Attribute(attribute) => {
                self.read(expr);
                if !is_dotted(expr) {
                    self.visit_expr(&attribute.value);
                }
            }
            Expr::Named(named) => self.named(named),
            Expr::Call(call) => {
                visitor::walk_expr(self, expr);
                self.call(call);
            }
            Expr::Lambda(lambda) => {
                let parameters = lambda.parameters.iter().flat_map(|list| list.iter());
                for default in parameters.filter_map(AnyParameterRef::default) {
                    self.visit_expr(default);
                }
            }
            Expr::BoolOp(node) => self.bool_op(node),
            Expr::If(node) => {
                self.visit_expr(&node.test);
                match self.owner.conditions.decide(&node.test) {
                    Truth::True => self.visit_expr(&node.body),
                    Truth::False => self.visit_expr(&node.orelse),
                    _ => [&node.body, &node.orelse].into_iter().for_each(|part| self.maybe(part)),
                }
            }
            _ => self.comprehension(expr),
        }
        self.depth -= 1;
    }
}

impl Reader<'_, '_, '_> {
    fn named(&mut self, named: &ExprNamed) {
        self.visit_expr(&named.value);
        if let Expr::Name(name) = &*named.target {
            let step = if self.is_conditional { Step::Doubt } else { Step::Bind };
            self.owner.bind_as(&name.id, step, self.steps);
        }
    }

    /// What comes after a part is evaluated if that does not decide the matter.
    fn bool_op(&mut self, node: &ExprBoolOp) {
        let goes_on = if node.op == BoolOp::And { Truth::True } else { Truth::False };
        let outer = self.is_conditional;
        for value in &node.values {
            self.visit_expr(value);
            match self.owner.conditions.decide(value) {
                truth if truth == goes_on => {}
                truth if truth == goes_on.not() => break,
                _ => self.is_conditional = true,
            }
        }
        self.is_conditional = outer;
    }

    /// Of these only the first is evaluated in any case.
    fn first_for_sure<'e>(&mut self, mut parts: impl Iterator<Item = &'e Expr>) {
        if let Some(first) = parts.next() {
            self.visit_expr(first);
        }
        parts.for_each(|part| self.maybe(part));
    }

    fn comprehension(&mut self, expr: &Expr) {
        match expr {
            Expr::ListComp(node) => self.rounds(&node.generators, [Some(&*node.elt), None]),
            Expr::SetComp(node) => self.rounds(&node.generators, [Some(&*node.elt), None]),
            Expr::DictComp(node) => {
                self.rounds(&node.generators, [node.key.as_deref(), Some(&*node.value)]);
            }
            // What it is handed to may ask for nothing.
            Expr::Generator(node) => {
                self.first_for_sure(node.generators.iter().map(|part| &part.iter));
                let tests = node.generators.iter().flat_map(|part| &part.ifs);
                tests.chain([&*node.elt]).for_each(|part| self.maybe(part));
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn rounds(&mut self, generators: &[Comprehension], elements: [Option<&Expr>; 2]) {
        self.first_for_sure(generators.iter().map(|generator| &generator.iter));
        if self.has_a_round(generators) {
            return elements.into_iter().flatten().for_each(|part| self.visit_expr(part));
        }
        let tests = generators.iter().flat_map(|generator| &generator.ifs);
        tests.chain(elements.into_iter().flatten()).for_each(|part| self.maybe(part));
    }

    /// Whether there surely is something to go through, under a name that stands for no module.
    fn has_a_round(&self, generators: &[Comprehension]) -> bool {
        let [only] = generators else { return false };
        let items = match &only.iter {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            _ => return false,
        };
        let is_new = |name: &ExprName| !self.owner.roots.contains(name.id.as_str());
        !self.owner.in_class()
            && only.ifs.is_empty()
            && only.target.as_name_expr().is_some_and(is_new)
            && items.iter().any(|item| !item.is_starred_expr())
    }
}

/// Whether an attribute is one of a dotted name, which has nothing else in it.
fn is_dotted(expr: &Expr) -> bool {
    let mut current = expr;
    while let Expr::Attribute(attribute) = current {
        current = &attribute.value;
    }
    current.is_name_expr()
}
