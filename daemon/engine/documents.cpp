#include "engine/documents.hpp"

#include <array>
#include <optional>
#include <utility>

namespace tuanyuan::engine {
namespace {

/// Two texts in one: the length of the first, little-endian in four bytes, then both.
std::string join(std::string_view first, std::string_view second) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>((first.size() >> shift) & 0xFFU));
  }
  bytes.append(first).append(second);
  return bytes;
}

std::optional<std::pair<std::string, std::string>> split(std::string_view bytes) {
  constexpr std::size_t header = 4;
  if (bytes.size() < header) {
    return std::nullopt;
  }
  std::size_t length = 0;
  for (std::size_t index = 0; index < header; ++index) {
    length |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[index])) << (8 * index);
  }
  if (bytes.size() - header < length) {
    return std::nullopt;
  }
  return std::pair(std::string(bytes.substr(header, length)), std::string(bytes.substr(header + length)));
}

}  // namespace

std::string Documents::context(const core::AlertId& alert, std::string_view name) {
  return alert.value + "/" + std::string(name);
}

std::string Documents::report_name(std::uint32_t number) {
  return "report/" + std::to_string(number);
}

std::string Documents::copy_name(core::Audience audience, core::Version version) {
  return "copy/" + std::string(core::topic_name(audience)) + "/" + std::to_string(version.revision) + "/" +
         std::to_string(version.step);
}

std::string Documents::reason_name(const core::EntryBody& decided) {
  const core::Detail detail = core::to_detail(decided);
  std::string name = "reason/" + std::string(core::type_name(decided));
  for (const char* part : {"revision", "step"}) {
    const auto number = detail.find(part);
    name += "/" + (number == detail.end() ? std::string("0") : number->second);
  }
  return name;
}

std::string Documents::told_by_part(std::string_view digest) {
  return told_by_parts + std::string(digest);
}

std::string Documents::pack(const core::Photo& photo) {
  return join(photo.media_type, photo.data);
}
std::string Documents::pack(const core::SignedCopy& copy) {
  return join(copy.protobuf, copy.json);
}

ports::SealedDocument Documents::seal(const core::AlertId& alert, const ports::DataKey& key, std::string name,
                                      std::string_view plain) const {
  ports::SealedDocument document;
  document.alert_id = alert;
  document.sealed = world_.tools.vault.seal(key, plain, context(alert, name));
  document.name = std::move(name);
  return document;
}

core::Refusal Documents::not_opened() {
  has_unopened_ = true;
  return core::Refusal(core::Errc::unavailable);
}

Documents::Answer<ports::DataKey> Documents::key(CaseFile& file) {
  if (file.key) {
    co_return *file.key;
  }
  core::AlertId alert = file.state.alert_id;
  const auto read = co_await world_.tools.ledger.wrapped_key(alert);
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  if (!*read) {
    co_return core::Refusal(core::Errc::not_found);  // the key was destroyed, and the data with it
  }
  file.key = world_.tools.vault.unwrap(**read, alert.value);
  if (!file.key) {
    world_.tools.log.error("vault.key_not_opened", {{"alert", alert.value}});
    co_return not_opened();
  }
  co_return *file.key;
}

Documents::Answer<std::string> Documents::open(CaseFile& file, std::string name) {
  core::Result<ports::DataKey> data_key = co_await key(file);
  if (!data_key) {
    co_return data_key.error();
  }
  core::AlertId alert = file.state.alert_id;
  std::string wanted = name;
  const auto read = co_await world_.tools.ledger.document(alert, std::move(wanted));
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  if (!*read) {
    co_return core::Refusal(core::Errc::not_found);
  }
  std::optional<std::string> plain = world_.tools.vault.open(*data_key, **read, context(alert, name));
  if (!plain) {
    world_.tools.log.error("vault.document_not_opened", {{"alert", alert.value}, {"document", name}});
    co_return not_opened();
  }
  co_return std::move(*plain);
}

Documents::Answer<std::string> Documents::text(CaseFile& file, std::string name) {
  return open(file, std::move(name));
}

Documents::Answer<std::vector<std::string>> Documents::texts(CaseFile& file, std::string beginning) {
  core::Result<ports::DataKey> data_key = co_await key(file);
  if (!data_key) {
    co_return data_key.error();
  }
  core::AlertId alert = file.state.alert_id;
  const auto read = co_await world_.tools.ledger.documents(alert, std::move(beginning));
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  std::vector<std::string> texts;
  for (const ports::SealedDocument& document : *read) {
    std::optional<std::string> plain =
        world_.tools.vault.open(*data_key, document.sealed, context(alert, document.name));
    if (!plain) {
      world_.tools.log.error("vault.document_not_opened", {{"alert", alert.value}, {"document", document.name}});
      co_return not_opened();
    }
    texts.push_back(std::move(*plain));
  }
  co_return std::move(texts);
}

Documents::Answer<core::Report> Documents::report(CaseFile& file, std::uint32_t number) {
  std::string name = report_name(number);
  core::Result<std::string> plain = co_await open(file, std::move(name));
  if (!plain) {
    co_return plain.error();
  }
  std::optional<core::Report> report = world_.tools.codec.decode_report(*plain);
  if (!report) {
    co_return not_opened();
  }
  co_return std::move(*report);
}

Documents::Answer<std::shared_ptr<const core::Photo>> Documents::photo(CaseFile& file) {
  if (file.photo) {
    co_return file.photo;
  }
  const std::uint32_t entries = file.state.entries;
  core::Result<std::string> plain = co_await open(file, photo_name);
  if (!plain) {
    co_return plain.error();
  }
  auto parts = split(*plain);
  if (!parts || parts->second.empty()) {
    co_return core::Refusal(core::Errc::not_found);
  }
  auto photo = std::make_shared<core::Photo>();
  photo->media_type = std::move(parts->first);
  photo->data = std::move(parts->second);
  std::shared_ptr<const core::Photo> opened = std::move(photo);
  if (file.state.entries == entries) {
    file.photo = opened;  // or else it may have been replaced meanwhile
  }
  co_return opened;
}

Documents::Answer<std::shared_ptr<const core::SignedCopy>> Documents::copy(CaseFile& file, core::Audience audience,
                                                                           core::Version version) {
  std::string name = copy_name(audience, version);
  core::Result<std::string> plain = co_await open(file, std::move(name));
  if (!plain) {
    co_return plain.error();
  }
  auto parts = split(*plain);
  if (!parts) {
    co_return not_opened();
  }
  auto copy = std::make_shared<core::SignedCopy>();
  copy->protobuf = std::move(parts->first);
  copy->json = std::move(parts->second);
  co_return std::shared_ptr<const core::SignedCopy>(std::move(copy));
}

std::shared_ptr<const core::SignedCopy> Documents::kept_copy(const CaseFile& file, core::Audience audience) {
  const auto index = static_cast<std::size_t>(audience);
  const bool is_current = file.copies_version[index] == file.state.copy(audience).version;
  return is_current ? file.copies[index] : nullptr;
}

Documents::Answer<std::shared_ptr<const core::SignedCopy>> Documents::current_copy(CaseFile& file,
                                                                                   core::Audience audience) {
  if (auto kept = kept_copy(file, audience)) {
    co_return std::move(kept);
  }
  const core::Version version = file.state.copy(audience).version;
  const auto index = static_cast<std::size_t>(audience);
  file.copies[index] = nullptr;
  file.copies_version[index] = version;
  core::Result<std::shared_ptr<const core::SignedCopy>> opened = co_await copy(file, audience, version);
  if (opened && file.copies_version[index] == version) {
    file.copies[index] = *opened;
  }
  co_return opened;
}

/// Not every audience has every version; the public's copy has a rounded centre, and is asked last.
Documents::Answer<Documents::Reach> Documents::reach(CaseFile& file, core::Version version) {
  for (const core::Audience audience : core::all_audiences) {
    core::Result<std::shared_ptr<const core::SignedCopy>> one = co_await copy(file, audience, version);
    if (!one && one.error().code == core::Errc::not_found) {
      continue;
    }
    if (!one) {
      co_return one.error();
    }
    std::optional<core::Notice> notice = world_.tools.codec.decode_notice((*one)->protobuf);
    if (!notice) {
      co_return not_opened();
    }
    Reach reach;
    reach.circle = notice->circle;
    reach.divisions = std::move(notice->divisions);
    co_return std::move(reach);
  }
  co_return core::Refusal(core::Errc::not_found);
}

}  // namespace tuanyuan::engine
