//! Buffers that leave no copies behind.

use std::io::{self, Write};

use secrecy::zeroize::Zeroizing;

/// Counts the bytes that are written.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns what `write` writes, in a buffer of exactly this length: one that grows would leave memory behind that is not wiped. `write` is
/// called twice, and must write the same each time.
///
/// # Errors
/// Those of `write`.
pub fn exact<E>(mut write: impl FnMut(&mut dyn Write) -> Result<(), E>) -> Result<Zeroizing<Vec<u8>>, E> {
    let mut length = Length(0);
    write(&mut length)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
    write(&mut *bytes)?;
    debug_assert_eq!(bytes.len(), length.0, "both calls write the same");
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_never_grows() {
        let long = vec![b'x'; 10_000];
        let bytes =
            exact(|out| out.write_all(b"secret: ").and_then(|()| out.write_all(&long))).expect("memory takes all");
        assert_eq!((bytes.len(), bytes.capacity()), (10_008, 10_008));
        assert!(exact(|_| Err(())).is_err());
    }
}
