#include "adapters/ledger/sqlite/recipient_row.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>

namespace tuanyuan::ledger {
namespace {

using Texts = std::vector<std::string>;

/// Most lists of most recipients are empty: those take no room and no parsing.
std::optional<std::string> to_json(const Texts& texts) {
  if (texts.empty()) {
    return std::nullopt;
  }
  boost::json::array array;
  array.reserve(texts.size());
  for (const std::string& text : texts) {
    array.emplace_back(text);
  }
  return boost::json::serialize(array);
}

constexpr std::size_t list_room_bytes = 1'024;

Texts read_texts(const Statement& row, int column) {
  if (row.is_null(column)) {
    return {};
  }
  const std::string_view json = row.view(column);
  boost::json::error_code error;
  boost::json::parse_options options;
  options.allow_invalid_utf8 = true;
  std::array<unsigned char, list_room_bytes> room;  // most lists are short, and there is one for each push
  boost::json::monotonic_resource in_room(room.data(), room.size());
  const boost::json::value value =
      boost::json::parse(boost::json::string_view(json.data(), json.size()), error, &in_room, options);
  if (error || !value.is_array()) {
    throw SqliteError(SQLITE_CORRUPT, "reading a list of table recipients");
  }
  Texts texts;
  texts.reserve(value.get_array().size());
  for (const boost::json::value& text : value.get_array()) {
    if (!text.is_string()) {
      throw SqliteError(SQLITE_CORRUPT, "reading a list of table recipients");
    }
    texts.emplace_back(text.get_string());
  }
  return texts;
}

Texts coverage_texts(const core::Recipient& recipient) {
  Texts texts;
  for (const core::DivisionPrefix& prefix : recipient.coverage) {
    texts.push_back(prefix.digits);
  }
  return texts;
}

Texts endpoint_texts(const core::Recipient& recipient) {
  Texts texts;
  for (const core::Endpoint& endpoint : recipient.endpoints) {
    texts.emplace_back(core::to_string(endpoint.channel));
    texts.push_back(endpoint.address);
  }
  return texts;
}

Texts secret_texts(const core::Recipient& recipient) {
  Texts texts;
  bool any = false;
  for (const core::Endpoint& endpoint : recipient.endpoints) {
    texts.push_back(endpoint.secret);
    any = any || !endpoint.secret.empty();
  }
  return any ? texts : Texts{};
}

Texts retired_texts(const core::Recipient& recipient) {
  Texts texts;
  bool any = false;
  for (const core::Endpoint& endpoint : recipient.endpoints) {
    const bool retired = endpoint.retired_at != core::Instant{};
    texts.push_back(retired ? std::to_string(core::to_epoch_ms(endpoint.retired_at)) : std::string());
    any = any || retired;
  }
  return any ? texts : Texts{};
}

core::Instant retired_at(const Texts& retired, std::size_t index) {
  std::int64_t at_ms = 0;
  if (index < retired.size()) {
    std::from_chars(retired[index].data(), retired[index].data() + retired[index].size(), at_ms);
  }
  return core::from_epoch_ms(at_ms);
}

constexpr std::size_t former_texts_each = 4;

Texts former_texts(const std::vector<core::Endpoint>& former) {
  Texts texts;
  for (const core::Endpoint& endpoint : former) {
    texts.emplace_back(core::to_string(endpoint.channel));
    texts.push_back(endpoint.address);
    texts.push_back(endpoint.secret);
    texts.push_back(std::to_string(core::to_epoch_ms(endpoint.retired_at)));
  }
  return texts;
}

std::vector<core::Endpoint> read_former(const Statement& row, int column) {
  const Texts texts = read_texts(row, column);
  std::vector<core::Endpoint> former;
  for (std::size_t at = 0; at + former_texts_each <= texts.size(); at += former_texts_each) {
    const auto channel = core::parse_channel(texts[at]);
    if (!channel) {
      throw SqliteError(SQLITE_CORRUPT, "reading a former endpoint of table recipients");
    }
    former.push_back({*channel, texts[at + 1], texts[at + 2], retired_at(texts, at + 3)});
  }
  return former;
}

std::vector<core::Endpoint> read_endpoints(const Statement& row, int column) {
  Texts texts = read_texts(row, column);
  Texts secrets = read_texts(row, column + 1);
  const Texts retired = read_texts(row, column + 2);
  std::vector<core::Endpoint> endpoints;
  endpoints.reserve(texts.size() / 2);
  for (std::size_t index = 0; index + 1 < texts.size(); index += 2) {
    const auto channel = core::parse_channel(texts[index]);
    if (!channel) {
      throw SqliteError(SQLITE_CORRUPT, "reading an endpoint of table recipients");
    }
    const std::size_t place = index / 2;
    endpoints.push_back({*channel, std::move(texts[index + 1]),
                         place < secrets.size() ? std::move(secrets[place]) : std::string(),
                         retired_at(retired, place)});
  }
  return endpoints;
}

template <class Enum>
Enum read_enum(const Statement& row, int column, std::size_t count) {
  const std::int64_t value = row.integer(column);
  if (value < 0 || value >= static_cast<std::int64_t>(count)) {
    throw SqliteError(SQLITE_CORRUPT, "reading table recipients");
  }
  return static_cast<Enum>(value);
}

/// Binds all columns after `deleted`, from parameter 1, and tells the next parameter.
int bind_fields(Statement& statement, const core::Recipient& recipient) {
  using Real = std::optional<double>;
  const auto& position = recipient.position;
  statement.bind_all(
      std::string_view(recipient.id.value), std::string_view(recipient.name), number(recipient.category),
      number(recipient.audience), number(recipient.division.code), position ? Real(position->latitude) : Real(),
      position ? Real(position->longitude) : Real(), number(recipient.crs), number(recipient.delivery),
      to_json(coverage_texts(recipient)), std::string_view(recipient.via.value), std::string_view(recipient.hours),
      std::string_view(recipient.unit.value), std::string_view(recipient.liaison.post),
      std::string_view(recipient.liaison.telephone), to_json(recipient.languages),
      to_json(endpoint_texts(recipient)), to_json(secret_texts(recipient)), to_json(retired_texts(recipient)));
  return 20;
}

/// What of the row an update has to know.
struct Before {
  std::vector<core::Endpoint> endpoints;
  std::vector<core::Endpoint> former;
};

Before before_of(Connection& database, core::Ordinal ordinal) {
  Rows rows = database.query("SELECT endpoints, secrets, retired, former FROM recipients WHERE ordinal = ?",
                             number(ordinal));
  return rows.next() ? Before{read_endpoints(rows.row(), 0), read_former(rows.row(), 3)} : Before();
}

}  // namespace

void insert_recipient(Connection& database, const core::Recipient& recipient) {
  Statement& statement = database.statement(
      "INSERT INTO recipients(id, name, category, audience, division, latitude, longitude, crs, delivery, "
      "coverage, "
      "via, hours, unit, liaison_post, liaison_telephone, languages, endpoints, secrets, retired) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  bind_fields(statement, recipient);
  statement.run();
}

void update_recipient(Connection& database, core::Ordinal ordinal, const ports::RecipientChange& change) {
  core::Recipient recipient = change.recipient;
  Before before = before_of(database, ordinal);
  for (core::Endpoint& endpoint : recipient.endpoints) {
    endpoint.retired_at = core::Instant{};
    for (const core::Endpoint& old : before.endpoints) {
      if (old.channel == endpoint.channel && old.address == endpoint.address) {
        endpoint.retired_at = old.retired_at;
      }
    }
  }
  Statement& statement = database.statement(
      "UPDATE recipients SET id = ?, name = ?, category = ?, audience = ?, division = ?, latitude = ?, "
      "longitude = ?, crs = ?, delivery = ?, coverage = ?, via = ?, hours = ?, unit = ?, liaison_post = ?, "
      "liaison_telephone = ?, languages = ?, endpoints = ?, secrets = ?, retired = ?, former = ? WHERE ordinal = "
      "?");
  const int next = bind_fields(statement, recipient);
  statement.bind(next, to_json(former_texts(core::former_endpoints(std::move(before.former), before.endpoints,
                                                                   recipient.endpoints, change.needed))));
  statement.bind(next + 1, number(ordinal));
  statement.run();
}

void retire_endpoint(Connection& database, const ports::RetiredEndpoint& retired) {
  core::Recipient recipient;
  {
    Rows rows = database.query("SELECT endpoints, secrets, retired FROM recipients WHERE ordinal = ?",
                               number(retired.ordinal));
    if (!rows.next()) {
      return;
    }
    recipient.endpoints = read_endpoints(rows.row(), 0);
  }
  for (core::Endpoint& endpoint : recipient.endpoints) {
    if (endpoint.channel == retired.channel && endpoint.address == retired.address) {
      endpoint.retired_at = retired.at;
    }
  }
  database.execute("UPDATE recipients SET retired = ? WHERE ordinal = ?", to_json(retired_texts(recipient)),
                   number(retired.ordinal));
}

ports::DirectoryEntry read_recipient(const Statement& row) {
  ports::DirectoryEntry entry;
  entry.ordinal = static_cast<core::Ordinal>(row.integer(0));
  entry.deleted = row.integer(2) != 0;
  core::Recipient& recipient = entry.recipient;
  recipient.id = core::RecipientId(row.text(1));
  recipient.name = row.text(3);
  recipient.category = read_enum<core::Category>(row, 4, core::category_count);
  recipient.audience = read_enum<core::Audience>(row, 5, core::audience_count);
  recipient.division.code = static_cast<std::uint32_t>(row.integer(6));
  if (!row.is_null(7)) {
    recipient.position = core::Position{row.real(7), row.real(8)};
  }
  recipient.crs = read_enum<core::Crs>(row, 9, 4);
  recipient.delivery = read_enum<core::DeliveryMode>(row, 10, 2);
  for (std::string& digits : read_texts(row, 11)) {
    recipient.coverage.push_back({std::move(digits)});
  }
  recipient.via = core::RecipientId(row.text(12));
  recipient.hours = row.text(13);
  recipient.unit = core::RecipientId(row.text(14));
  recipient.liaison = {row.text(15), row.text(16)};
  recipient.languages = read_texts(row, 17);
  recipient.endpoints = read_endpoints(row, 18);
  entry.former = read_former(row, 21);
  return entry;
}

}  // namespace tuanyuan::ledger
