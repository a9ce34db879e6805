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
