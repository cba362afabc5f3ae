#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/verifier.hpp"
#include "core/notice.hpp"

namespace tuanyuan::station {

/// What became of a signed notice. Only a genuine one may be shown.
enum class Verdict {
  genuine,
  unknown_key,  ///< none of its keys is published (yet)
  not_genuine,  ///< forged; or by a key of the other use, or by one that had expired
  unreadable,   ///< no signed notice at all
};

/// A stable word for logs.
std::string_view describe(Verdict verdict);

struct Verified {
  Verdict verdict = Verdict::unreadable;
  std::shared_ptr<const core::Notice> notice;  ///< when genuine
};

/// Tells genuine notices from others, as adapters/crypto has it, for every station of a process: the same bytes
/// are verified once, however many stations get them. Both encodings. Not thread-safe.
class Verifier {
 public:
  static constexpr std::size_t remembered_max = 4'096;

  /// `ca`: PEM. Throws std::runtime_error where it holds no certificate.
  explicit Verifier(std::string_view ca);

  /// The payload of the `keys` topic, in either encoding. Replaces what was known: a key that is published no
  /// more is trusted no more. False: it is no such payload, and nothing changed.
  bool learn_keys(std::string_view payload);

  std::size_t keys() const { return keys_.size(); }

  Verified verify(std::string_view payload);

 private:
  /// What a notice says of a child is kept only as long as somebody shows it.
  struct Remembered {
    Verdict verdict = Verdict::unreadable;
    std::weak_ptr<const core::Notice> notice;
    std::shared_ptr<const core::Notice> recall;
  };

  Verified verify_anew(std::string_view payload) const;

  crypto::TrustAnchors anchors_;
  crypto::TrustedKeys keys_;
  std::string last_keys_;
  std::unordered_map<std::string, Remembered> remembered_;
};

}  // namespace tuanyuan::station
