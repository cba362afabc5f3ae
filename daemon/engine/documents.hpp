#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/refusal.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// The sealed documents of cases: the one place where the child's data is opened and closed up again. What
/// is opened often (keys of cases at work, copies in force, photos) is kept in the case file.
class Documents {
 public:
  explicit Documents(World& world) : world_(world) {}

  template <class T>
  using Answer = boost::asio::awaitable<core::Result<T>>;

  Answer<ports::DataKey> key(CaseFile& file);
  Answer<core::Report> report(CaseFile& file, std::uint32_t number);
  /// Not found: the report has none, or it was taken down.
  Answer<std::shared_ptr<const core::Photo>> photo(CaseFile& file);
  Answer<std::shared_ptr<const core::SignedCopy>> copy(CaseFile& file, core::Audience audience,
                                                       core::Version version);
  /// The copy in force, kept in memory once it was opened.
  Answer<std::shared_ptr<const core::SignedCopy>> current_copy(CaseFile& file, core::Audience audience);
  /// Null: it is to be opened yet.
  static std::shared_ptr<const core::SignedCopy> kept_copy(const CaseFile& file, core::Audience audience);
  /// What a version's notices were drawn for; no circle: a lookout's. Refuses (not_found) where it was erased.
  struct Reach {
    std::optional<core::Circle> circle;
    std::vector<core::Division> divisions;
  };
  Answer<Reach> reach(CaseFile& file, core::Version version);
  Answer<std::string> text(CaseFile& file, std::string name);
  /// Of all whose names begin so.
  Answer<std::vector<std::string>> texts(CaseFile& file, std::string beginning);
  /// Whether something was read and could not be opened: to read it once more by the same key helps nobody.
  bool has_unopened() const { return has_unopened_; }

  ports::SealedDocument seal(const core::AlertId& alert, const ports::DataKey& key, std::string name,
                             std::string_view plain) const;

  static std::string report_name(std::uint32_t number);
  static std::string copy_name(core::Audience audience, core::Version version);
  /// Of the entry it was given for: an alert has no two of one type and version.
  static std::string reason_name(const core::EntryBody& decided);
  static std::string pack(const core::Photo& photo);
  static std::string pack(const core::SignedCopy& copy);
  static constexpr const char* photo_name = "photo";
  static constexpr const char* addressed_name = "addressed";  ///< of the recipients that were told directly
  static constexpr const char* told_by_name = "told-by";      ///< of those told through gateways, once: by channel
  /// Of those told since, by endpoint: one more with each commit that tells anybody new, so that none grows with
  /// all who were told before.
  static std::string told_by_part(std::string_view digest);
  static constexpr const char* told_by_parts = "told-by/";

 private:
  Answer<std::string> open(CaseFile& file, std::string name);
  static std::string context(const core::AlertId& alert, std::string_view name);
  core::Refusal not_opened();

  World& world_;
  bool has_unopened_ = false;
};

}  // namespace tuanyuan::engine
