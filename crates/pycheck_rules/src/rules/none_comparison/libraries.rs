//! Which libraries a file uses that give `==` a meaning of its own.

use pycheck_syntax::Bindings;
use pycheck_syntax::bindings::ImportStatement;
use ruff_python_ast::StmtImportFrom;

/// Modules whose objects build queries or formulas by comparison.
const QUERIES: &[&str] = &[
    "sqlalchemy",
    "sqlmodel",
    "flask_sqlalchemy",
    "sqlalchemy_utils",
    "geoalchemy2",
    "peewee",
    "playhouse",
    "pony",
    "mongoengine",
    "beanie",
    "odmantic",
    "pynamodb",
    "google.cloud.ndb",
    "google.appengine.ext.ndb",
    "piccolo",
    "pypika",
    "ibis",
    "z3",
];

/// Modules whose arrays compare element by element, so that a comparison with None is a mask.
const ARRAYS: &[&str] = &["numpy", "cupy", "jax"];

/// Parts of a library that builds queries, as its own modules import them.
const QUERY_PARTS: &[&str] = &[
    "sql",
    "orm",
    "expression",
    "selectable",
    "elements",
    "schema",
    "sqltypes",
    "dialects",
    "operators",
    "query",
    "columns",
    "terms",
    "clauses",
];

/// Names that only such parts have.
const QUERY_NAMES: &[&str] = &[
    "Column",
    "ColumnElement",
    "ClauseElement",
    "Table",
    "MetaData",
    "Select",
    "select",
    "and_",
    "or_",
    "not_",
    "sql",
    "schema",
    "expression",
    "operators",
];

/// Table-like libraries, in which comparing with None matches nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frames {
    /// pandas and what is like it.
    Pandas,
    /// polars.
    Polars,
    /// Spark and Snowpark.
    Spark,
}

impl Frames {
    /// The library that a module belongs to.
    pub(super) fn of_module(module: &str) -> Option<Self> {
        let is_under = |root: &&str| is_under(module, root);
        let pandas =
            ["pandas", "geopandas", "modin", "dask.dataframe", "cudf", "databricks.koalas"];
        if is_under(&"pyspark.pandas") || pandas.iter().any(is_under) {
            Some(Self::Pandas)
        } else if is_under(&"polars") {
            Some(Self::Polars)
        } else if is_under(&"pyspark") || is_under(&"snowflake.snowpark") {
            Some(Self::Spark)
        } else {
            None
        }
    }

    /// How it is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pandas => "pandas",
            Self::Polars => "polars",
            Self::Spark => "Spark",
        }
    }
}

/// What a file imports.
#[derive(Debug, Default)]
pub(super) struct Libraries {
    /// Something that builds queries or formulas.
    pub(super) queries: bool,
    /// Something that reads generators and lambdas as queries.
    pub(super) generators: bool,
    /// Something with arrays.
    pub(super) arrays: bool,
    /// Libraries with tables.
    pub(super) frames: Vec<Frames>,
}

impl Libraries {
    /// Of a file.
    pub(super) fn of(bindings: &Bindings<'_>) -> Self {
        let mut found = Self::default();
        for import in bindings.imports() {
            match import {
                ImportStatement::Import(stmt) => {
                    stmt.names.iter().for_each(|alias| found.add(&alias.name));
                }
                ImportStatement::From(stmt) => found.add_from(stmt),
            }
        }
        found
    }

    fn add_from(&mut self, stmt: &StmtImportFrom) {
        let module = stmt.module.as_ref().map_or("", |module| module.as_str());
        if stmt.level > 0 {
            let is_part = module.split('.').any(|part| QUERY_PARTS.contains(&part));
            let is_name = stmt.names.iter().any(|alias| QUERY_NAMES.contains(&alias.name.as_str()));
            self.queries |= is_part || is_name;
            return;
        }
        self.add(module);
        for alias in &stmt.names {
            self.add(&format!("{module}.{}", alias.name));
        }
    }

    fn add(&mut self, module: &str) {
        self.queries |= QUERIES.iter().any(|root| is_under(module, root));
        self.generators |= is_under(module, "pony");
        self.arrays |= ARRAYS.iter().any(|root| is_under(module, root));
        let frames = Frames::of_module(module).filter(|frames| !self.frames.contains(frames));
        self.frames.extend(frames);
    }
}

fn is_under(module: &str, root: &str) -> bool {
    module.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
