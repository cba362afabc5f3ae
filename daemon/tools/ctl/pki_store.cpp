#include "tools/ctl/pki_store.hpp"

#include "adapters/crypto/files.hpp"

namespace tuanyuan::ctl {
namespace {

using crypto::Access;
using crypto::Sync;
namespace fs = std::filesystem;

constexpr const char* authority_name = "tuanyuan CA";
constexpr const char* daemon_name = "tuanyuan";

std::string fields_of(const core::Refusal& refusal) {
  std::string text;
  for (const core::FieldError& field : refusal.fields) {
    text += (text.empty() ? "" : "; ") + field.path + ' ' + field.message.en;
  }
  return text.empty() ? refusal.detail.en : text;
}

template <class T>
Outcome<T> outcome_of(core::Result<T> result) {
  if (!result) {
    return Failure(Exit::usage, fields_of(result.error()));
  }
  return std::move(*result);
}

void write_pair(const fs::path& base, const crypto::Issued& issued, Sync sync) {
  // The key first: a certificate without its key is of no use to anyone.
  crypto::write_file(base.string() + ".key", issued.key, Access::owner, sync);
  crypto::write_file(base.string() + ".crt", issued.certificate, Access::everybody, sync);
}

std::string stem_of(core::Status use, int number) {
  return std::string("signing-") + (use == core::Status::actual ? "actual-" : "exercise-") +
         std::to_string(number);
}

}  // namespace

void make_private_directory(const fs::path& directory) {
  if (fs::create_directories(directory)) {
    fs::permissions(directory, fs::perms::owner_all);
  }
}

void write_issued(const fs::path& base, const crypto::Issued& issued, bool synced) {
  write_pair(base, issued, synced ? Sync::yes : Sync::no);
}

Outcome<void> PkiStore::init(const fs::path& directory, const std::vector<std::string>& server_names,
                             core::Instant now, std::chrono::days days) {
  if (fs::exists(directory / "ca.crt")) {  // its key may have been taken away, as it should be
    return Failure(Exit::usage, directory.string() + " has an authority already");
  }
  const auto authority =
      crypto::CertificateAuthority::make(authority_name, crypto::valid_from(now, authority_days));
  const auto validity = crypto::valid_from(now, days);
  const auto server = outcome_of(authority.issue_server(server_names, validity));
  if (!server) {
    return server.error();
  }
  const auto daemon = outcome_of(authority.issue_service(daemon_name, validity));
  if (!daemon) {
    return daemon.error();
  }
  make_private_directory(directory);
  if (const fs::path master = directory / "master.key"; !fs::exists(master)) {
    crypto::write_file(master, crypto::new_master_key_text(), Access::owner,
                       Sync::yes);  // reports may be sealed by it
  }
  write_pair(directory / "server", *server, Sync::yes);
  write_pair(directory / "daemon", *daemon, Sync::yes);
  // The authority's certificate comes last: where it stands, init had got as far as the signing keys.
  crypto::write_file(directory / "ca.key", authority.key(), Access::owner, Sync::yes);
  crypto::write_file(directory / "ca.crt", authority.certificate(), Access::everybody, Sync::yes);
  const PkiStore store(directory);
  for (const core::Status use : {core::Status::actual, core::Status::exercise}) {
    if (const auto made = store.add_signing_key(use, now, days); !made) {
      return made.error();
    }
  }
  return boost::system::in_place_value;
}

PkiStore::PkiStore(fs::path directory)
    : directory_(std::move(directory)),
      authority_(crypto::read_file(directory_ / "ca.crt"), crypto::read_file(directory_ / "ca.key")) {}

Outcome<crypto::Issued> PkiStore::recipient(const std::string& id, core::Instant now,
                                            std::chrono::days days) const {
  return outcome_of(authority_.issue_recipient(core::RecipientId(id), crypto::valid_from(now, days)));
}

Outcome<crypto::Issued> PkiStore::officer(const crypto::OfficerCertificate& wanted, core::Instant now,
                                          std::chrono::days days) const {
  return outcome_of(authority_.issue_officer(wanted, crypto::valid_from(now, days)));
}

Outcome<crypto::Issued> PkiStore::server(const std::vector<std::string>& names, core::Instant now,
                                         std::chrono::days days) const {
  return outcome_of(authority_.issue_server(names, crypto::valid_from(now, days)));
}

Outcome<std::string> PkiStore::add_signing_key(core::Status use, core::Instant now, std::chrono::days days) const {
  int number = 1;
  while (fs::exists(directory_ / (stem_of(use, number) + ".key"))) {
    if (++number > signing_keys_max) {
      return Failure(Exit::usage, "there are too many signing keys; remove those that have expired");
    }
  }
  const auto key = crypto::SigningKey::generate();
  const fs::path base = directory_ / stem_of(use, number);
  const crypto::Issued issued{authority_.certify(key, use, crypto::valid_from(now, days)), key.to_pem()};
  write_pair(base, issued, Sync::yes);
  return base.string();
}

}  // namespace tuanyuan::ctl
