//! Serialised cells on their way to the server.

use scylla::serialize::SerializationError;
use scylla::serialize::row::{RowSerializationContext, SerializeRow};
use scylla::serialize::writers::RowWriter;

/// Serialised cells, one after the other.
#[derive(Clone, Copy)]
pub struct Cells<'a>(pub &'a [u8]);

#[derive(Debug)]
struct BadCells;

impl std::fmt::Display for BadCells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the cells are not as many as the bind markers")
    }
}

impl std::error::Error for BadCells {}

impl SerializeRow for Cells<'_> {
    fn serialize(
        &self,
        context: &RowSerializationContext<'_>,
        writer: &mut RowWriter,
    ) -> Result<(), SerializationError> {
        let bad = || SerializationError::new(BadCells);
        let mut rest = self.0;
        for _ in context.columns() {
            let (length, behind) = rest.split_first_chunk::<4>().ok_or_else(bad)?;
            rest = behind;
            match usize::try_from(i32::from_be_bytes(*length)) {
                Ok(length) => {
                    let (cell, behind) = rest.split_at_checked(length).ok_or_else(bad)?;
                    writer.make_cell_writer().set_value(cell).map_err(SerializationError::new)?;
                    rest = behind;
                }
                Err(_) => {
                    writer.make_cell_writer().set_null();
                }
            }
        }
        if rest.is_empty() { Ok(()) } else { Err(bad()) }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scylla::cluster::metadata::{ColumnType, NativeType};
    use scylla::frame::response::result::{ColumnSpec, TableSpec};

    fn written(cells: &[u8], markers: usize) -> Option<Vec<u8>> {
        let spec = ColumnSpec::owned(
            "c".to_owned(),
            ColumnType::Native(NativeType::Blob),
            TableSpec::owned("k".to_owned(), "t".to_owned()),
        );
        let specs = vec![spec; markers];
        let mut bytes = Vec::new();
        let mut writer = RowWriter::new(&mut bytes);
        Cells(cells).serialize(&RowSerializationContext::from_specs(&specs), &mut writer).ok()?;
        assert_eq!(writer.value_count(), markers);
        Some(bytes)
    }

    #[test]
    fn cells_are_written_as_they_are() {
        let cells = [0, 0, 0, 1, b'a', 255, 255, 255, 255, 0, 0, 0, 0];
        assert_eq!(written(&cells, 3).unwrap(), cells);
        assert_eq!(written(&[], 0), Some(Vec::new()));
    }

    #[test]
    fn cells_that_do_not_match_the_markers_are_refused() {
        let one = [0, 0, 0, 1, b'a'];
        assert!(written(&one, 0).is_none());
        assert!(written(&one, 2).is_none());
        assert!(written(&one[..4], 1).is_none());
        assert!(written(&one[..3], 1).is_none());
        assert!(written(&[127, 255, 255, 255], 1).is_none());
    }
}
