//! The content coding of an answer, without I/O. The client asks for none, but some gateways compress all the same.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use redaction::{Length, Secrets};

use crate::error::Malformed;

/// Returns the content of a body with this `Content-Encoding`, if the content has at most `longest` bytes.
pub(super) fn decoded(
    coding: Option<&str>,
    body: Vec<u8>,
    longest: usize,
    secrets: &Secrets,
) -> Result<Vec<u8>, Malformed> {
    let coding = coding.map(|coding| coding.trim().to_ascii_lowercase()).unwrap_or_default();
    let undecodable = || Malformed::Coding(secrets.show(&coding.as_str().into(), Length::Name));
    match coding.as_str() {
        "" | "identity" => Ok(body),
        // Some gateways label an empty body too.
        _ if body.is_empty() => Ok(body),
        "gzip" | "x-gzip" => {
            let (mut content, limit) = (Vec::new(), longest as u64 + 1);
            let read = MultiGzDecoder::new(body.as_slice()).take(limit).read_to_end(&mut content);
            match read {
                Err(_) => Err(undecodable()),
                Ok(_) if content.len() > longest => Err(Malformed::TooLarge),
                Ok(_) => Ok(content),
            }
        }
        _ => Err(undecodable()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn decoded(coding: Option<&str>, body: Vec<u8>, longest: usize) -> Result<Vec<u8>, Malformed> {
        super::decoded(coding, body, longest, &Secrets::default())
    }

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).and_then(|()| encoder.finish()).expect("in memory")
    }

    #[test]
    fn decodes_gzip_by_each_of_its_names() {
        for coding in ["gzip", "x-gzip", " GZIP "] {
            assert_eq!(decoded(Some(coding), gzip(b"{}"), 10), Ok(b"{}".to_vec()));
        }
        let members = [gzip(b"{"), gzip(b"}")].concat();
        assert_eq!(decoded(Some("gzip"), members, 10), Ok(b"{}".to_vec()));
        for coding in [None, Some(""), Some("identity"), Some("Identity")] {
            assert_eq!(decoded(coding, b"{}".to_vec(), 10), Ok(b"{}".to_vec()));
        }
        assert_eq!(decoded(Some("br"), Vec::new(), 10), Ok(Vec::new()));
    }

    #[test]
    fn names_a_coding_that_it_cannot_decode() {
        let error = |coding: &str| Err(Malformed::Coding(Secrets::default().show(&coding.into(), Length::Name)));
        for coding in ["br", "zstd", "deflate", "compress", "gzip, gzip"] {
            assert_eq!(decoded(Some(coding), b"{}".to_vec(), 10), error(coding));
        }
        assert_eq!(decoded(Some("gzip"), b"{}".to_vec(), 10), error("gzip"));
        let mut cut = gzip(b"{}");
        cut.truncate(cut.len() - 9);
        assert_eq!(decoded(Some("gzip"), cut, 10), error("gzip"));
    }

    #[test]
    fn bounds_the_content_and_not_only_the_body() {
        assert_eq!(decoded(Some("gzip"), gzip(&[b' '; 1000]), 1000).map(|content| content.len()), Ok(1000));
        assert_eq!(decoded(Some("gzip"), gzip(&[b' '; 1001]), 1000), Err(Malformed::TooLarge));
        assert_eq!(decoded(Some("gzip"), gzip(&vec![b' '; 8 << 20]), 1 << 20), Err(Malformed::TooLarge));
    }
}
