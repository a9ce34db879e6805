#include "core/md5.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace lernd {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};

/// Fetched once, as that takes longer than to compute one. A system in FIPS mode gives MD5 only to those who say that they do not protect anything by it.
const EVP_MD* md5() {
  static const std::unique_ptr<EVP_MD, FreeDigest> digest(EVP_MD_fetch(nullptr, "MD5", "-fips"));
  return digest.get();
}

}  // namespace

Result<std::string> md5_hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (md5() == nullptr || EVP_Digest(text.data(), text.size(), digest.data(), &size, md5(), nullptr) != 1) {
    return fail(Treatment::fatal, ErrorCode::internal, "libcrypto of this system has no MD5; see its openssl.cnf");
  }
  std::string hex;
  hex.reserve(2 * size);
  for (unsigned i = 0; i < size; ++i) hex.append(1, kDigits[digest[i] >> 4]).append(1, kDigits[digest[i] & 15]);
  return hex;
}

}  // namespace lernd
