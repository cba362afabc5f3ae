#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/division.hpp"
#include "core/geo.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// Who a copy is for, from the most to the least told (contract, section 3: "who gets which field").
enum class Audience : std::uint8_t { police, partner, public_ };
inline constexpr Audience all_audiences[] = {Audience::police, Audience::partner, Audience::public_};
inline constexpr std::size_t audience_count = 3;

/// "POLICE" as in messages.
std::string_view to_string(Audience audience);
/// "police" as in topics.
std::string_view topic_name(Audience audience);
std::optional<Audience> parse_audience(std::string_view name);

/// A small set of audiences, as the releaser chooses them.
class AudienceSet {
 public:
  AudienceSet() = default;
  AudienceSet(std::initializer_list<Audience> members) {
    for (Audience member : members) {
      insert(member);
    }
  }
  void insert(Audience audience) { bits_ = static_cast<std::uint8_t>(bits_ | bit(audience)); }
  void erase(Audience audience) { bits_ = static_cast<std::uint8_t>(bits_ & ~bit(audience)); }
  bool contains(Audience audience) const { return (bits_ & bit(audience)) != 0; }
  bool empty() const { return bits_ == 0; }
  bool contains_all(AudienceSet others) const { return (others.bits_ & ~bits_) == 0; }
  bool intersects(AudienceSet others) const { return (bits_ & others.bits_) != 0; }
  friend AudienceSet operator|(AudienceSet left, AudienceSet right) {
    left.bits_ = static_cast<std::uint8_t>(left.bits_ | right.bits_);
    return left;
  }
  friend AudienceSet operator-(AudienceSet left, AudienceSet right) {
    left.bits_ = static_cast<std::uint8_t>(left.bits_ & ~right.bits_);
    return left;
  }
  friend bool operator==(const AudienceSet&, const AudienceSet&) = default;

 private:
  static std::uint8_t bit(Audience audience) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(audience)); }
  std::uint8_t bits_ = 0;
};

/// Kinds of places and bodies (contract, section 5), in the contract's order.
enum class Category : std::uint8_t {
  police_station, command_centre, traffic_police, checkpoint, border_checkpoint, railway_station,
  railway_operator, metro_station, bus_station, airport, port, toll_gate, taxi_platform, hospital, school,
  hotel, entertainment_venue, internet_cafe, mall, scenic_area, labour_market, rescue_station,
  child_welfare, urban_management, village_committee, broadcaster, emergency_broadcast, newspaper,
  outdoor_screen, online_platform, telecom, volunteer_group, regulator,
};
inline constexpr std::size_t category_count = 33;
std::string_view to_string(Category category);
std::optional<Category> parse_category(std::string_view name);
/// Order of sending inside a ring: 0 first. Where a child can be carried off fastest hears first: hubs and
/// borders before streets, streets before schools and screens.
int urgency_rank(Category category);
inline constexpr int urgency_rank_max = 5;

enum class DeliveryMode : std::uint8_t { area, direct };
std::string_view to_string(DeliveryMode mode);
std::optional<DeliveryMode> parse_delivery(std::string_view name);

/// Ways to reach a recipient (contract, section 5), in the contract's order.
enum class ChannelKind : std::uint8_t {
  mqtt, webhook, wecom, dingtalk, feishu, sms, voice, jpush, getui, apns, fcm, hms, harmony, honor, xiaomi,
  oppo, vivo, web_push, unified_push, ntfy,
};
inline constexpr std::size_t channel_count = 20;
std::string_view to_string(ChannelKind channel);
std::optional<ChannelKind> parse_channel(std::string_view name);

struct Endpoint {
  ChannelKind channel = ChannelKind::mqtt;
  std::string address;
  std::string secret;  ///< write-only: never read back over the API
  Instant retired_at{};  ///< its gateway said that nobody is there any more; the epoch: it is in use

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

struct Liaison {
  std::string post;
  std::string telephone;

  friend bool operator==(const Liaison&, const Liaison&) = default;
};

/// One subscriber as the operator enters it (contract, section 5).
struct Recipient {
  RecipientId id;
  std::string name;
  Category category = Category::police_station;
  Audience audience = Audience::partner;
  Division division;
  std::optional<Position> position;  ///< as given, in `crs`
  Crs crs = Crs::wgs84;
  std::vector<DivisionPrefix> coverage;  ///< empty: expected by position
  DeliveryMode delivery = DeliveryMode::area;
  RecipientId via;    ///< whose connection answers for this one; empty: its own
  std::string hours;  ///< OpenStreetMap opening_hours, Beijing time; empty: always
  RecipientId unit;   ///< the member unit that answers for it; empty: none
  Liaison liaison;
  std::vector<std::string> languages;  ///< BCP 47; empty: zh-CN
  std::vector<Endpoint> endpoints;     ///< ordered; empty: MQTT

  friend bool operator==(const Recipient&, const Recipient&) = default;
};

}  // namespace tuanyuan::core
