//! Names and types of columns as the caller reads them.

use crate::abi::{ColumnView, ShapeView, Text};
use scylla::cluster::metadata::{CollectionType, ColumnType, NativeType};
use scylla::frame::response::result::ColumnSpec;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// The columns of a result, or the bind markers of a statement. `view` comes first: a pointer to a shape is a pointer to its view.
#[repr(C)]
pub struct Shape {
    view: ShapeView,
    columns: Vec<ColumnView>,
    texts: Vec<(String, String)>,
}

// SAFETY: the pointers of the views lead into `columns` and `texts`, which are never changed after construction.
unsafe impl Send for Shape {}
unsafe impl Sync for Shape {}

impl Shape {
    pub fn new(specs: &[ColumnSpec<'_>]) -> Shape {
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        let texts: Vec<(String, String)> =
            specs.iter().map(|spec| (spec.name().to_owned(), type_text(spec.typ()))).collect();
        let columns: Vec<ColumnView> =
            texts.iter().map(|(name, typ)| ColumnView { name: Text::of(name), typ: Text::of(typ) }).collect();
        let view = ShapeView {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            columns: columns.as_ptr(),
            column_count: columns.len(),
        };
        Shape { view, columns, texts }
    }

    pub fn view(&self) -> &ShapeView {
        &self.view
    }

    /// Whether a shape made of these columns would read the same.
    pub fn fits(&self, specs: &[ColumnSpec<'_>]) -> bool {
        self.texts.len() == specs.len()
            && self
                .texts
                .iter()
                .zip(specs)
                .all(|((name, typ), spec)| name == spec.name() && is_text_of(typ, spec.typ()))
    }
}

/// `typ == type_text(column)`, without allocation for the types that most columns have.
fn is_text_of(typ: &str, column: &ColumnType<'_>) -> bool {
    match column {
        ColumnType::Native(native) => typ == native_text(native),
        other => typ == type_text(other),
    }
}

fn native_text(native: &NativeType) -> &'static str {
    match native {
        NativeType::Ascii => "ascii",
        NativeType::Boolean => "boolean",
        NativeType::Blob => "blob",
        NativeType::Counter => "counter",
        NativeType::Date => "date",
        NativeType::Decimal => "decimal",
        NativeType::Double => "double",
        NativeType::Duration => "duration",
        NativeType::Float => "float",
        NativeType::Int => "int",
        NativeType::BigInt => "bigint",
        NativeType::Text => "text",
        NativeType::Timestamp => "timestamp",
        NativeType::Inet => "inet",
        NativeType::SmallInt => "smallint",
        NativeType::TinyInt => "tinyint",
        NativeType::Time => "time",
        NativeType::Timeuuid => "timeuuid",
        NativeType::Uuid => "uuid",
        NativeType::Varint => "varint",
        _ => "unknown",
    }
}

fn type_text(column: &ColumnType<'_>) -> String {
    let mut text = String::new();
    append_type(column, &mut text);
    text
}

fn append_list<'a>(name: &str, types: impl IntoIterator<Item = &'a ColumnType<'a>>, text: &mut String) {
    text.push_str(name);
    text.push('<');
    for (i, typ) in types.into_iter().enumerate() {
        text.push_str(if i == 0 { "" } else { ", " });
        append_type(typ, text);
    }
    text.push('>');
}

fn append_type<'a>(column: &'a ColumnType<'a>, text: &mut String) {
    match column {
        ColumnType::Native(native) => text.push_str(native_text(native)),
        ColumnType::Collection { typ: CollectionType::List(item), .. } => append_list("list", [item.as_ref()], text),
        ColumnType::Collection { typ: CollectionType::Set(item), .. } => append_list("set", [item.as_ref()], text),
        ColumnType::Collection { typ: CollectionType::Map(key, value), .. } => {
            append_list("map", [key.as_ref(), value.as_ref()], text)
        }
        ColumnType::Tuple(fields) => append_list("tuple", fields, text),
        // Only the types of the fields: values of such a type are carried along as they are, and a shape must tell another layout apart.
        ColumnType::UserDefinedType { definition, .. } => {
            append_list("udt", definition.field_types.iter().map(|(_, typ)| typ), text)
        }
        ColumnType::Vector { typ, dimensions } => {
            text.push_str("vector<");
            append_type(typ, text);
            let _ = write!(text, ", {dimensions}>");
        }
        _ => text.push_str("unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scylla::frame::response::result::TableSpec;

    fn map_of(key: NativeType, value: NativeType) -> ColumnType<'static> {
        let typ = CollectionType::Map(Box::new(ColumnType::Native(key)), Box::new(ColumnType::Native(value)));
        ColumnType::Collection { frozen: false, typ }
    }

    fn spec(name: &str, typ: ColumnType<'static>) -> ColumnSpec<'static> {
        ColumnSpec::owned(name.to_owned(), typ, TableSpec::owned("k".to_owned(), "t".to_owned()))
    }

    #[test]
    fn types_are_spelled_as_in_cql() {
        assert_eq!(type_text(&map_of(NativeType::Text, NativeType::Double)), "map<text, double>");
        let nested = CollectionType::List(Box::new(map_of(NativeType::Text, NativeType::Text)));
        assert_eq!(type_text(&ColumnType::Collection { frozen: false, typ: nested }), "list<map<text, text>>");
        let pair = ColumnType::Tuple(vec![ColumnType::Native(NativeType::Int), ColumnType::Native(NativeType::Uuid)]);
        assert_eq!(type_text(&pair), "tuple<int, uuid>");
    }

    #[test]
    fn a_shape_fits_only_its_own_columns() {
        let specs =
            [spec("a", ColumnType::Native(NativeType::Int)), spec("m", map_of(NativeType::Text, NativeType::Int))];
        let shape = Shape::new(&specs);
        assert!(shape.fits(&specs));
        assert!(!shape.fits(&specs[..1]));
        assert!(!shape.fits(&[spec("a", ColumnType::Native(NativeType::BigInt)), specs[1].clone()]));
        assert!(!shape.fits(&[specs[0].clone(), spec("m", map_of(NativeType::Text, NativeType::BigInt))]));
        assert!(!shape.fits(&[spec("b", ColumnType::Native(NativeType::Int)), specs[1].clone()]));
        assert_eq!(shape.view().column_count, 2);
    }
}
