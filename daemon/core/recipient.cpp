#include "core/recipient.hpp"

#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

constexpr Names<Audience, audience_count> audience_names{{"POLICE", "PARTNER", "PUBLIC"}};
constexpr Names<Audience, audience_count> audience_topics{{"police", "partner", "public"}};
constexpr Names<DeliveryMode, 2> delivery_names{{"area", "direct"}};

constexpr Names<Category, category_count> category_names{{
    "police_station",
    "command_centre",
    "traffic_police",
    "checkpoint",
    "border_checkpoint",
    "railway_station",
    "railway_operator",
    "metro_station",
    "bus_station",
    "airport",
    "port",
    "toll_gate",
    "taxi_platform",
    "hospital",
    "school",
    "hotel",
    "entertainment_venue",
    "internet_cafe",
    "mall",
    "scenic_area",
    "labour_market",
    "rescue_station",
    "child_welfare",
    "urban_management",
    "village_committee",
    "broadcaster",
    "emergency_broadcast",
    "newspaper",
    "outdoor_screen",
    "online_platform",
    "telecom",
    "volunteer_group",
    "regulator",
}};

constexpr Names<ChannelKind, channel_count> channel_names{{
    "mqtt", "webhook", "wecom",   "dingtalk", "feishu", "sms",  "voice", "jpush",    "getui",        "apns",
    "fcm",  "hms",     "harmony", "honor",    "xiaomi", "oppo", "vivo",  "web_push", "unified_push", "ntfy",
}};

}  // namespace

std::string_view to_string(Audience audience) {
  return audience_names[audience];
}
std::string_view topic_name(Audience audience) {
  return audience_topics[audience];
}
std::optional<Audience> parse_audience(std::string_view name) {
  return audience_names.find(name);
}

std::string_view to_string(Category category) {
  return category_names[category];
}
std::optional<Category> parse_category(std::string_view name) {
  return category_names.find(name);
}

std::string_view to_string(DeliveryMode delivery) {
  return delivery_names[delivery];
}
std::optional<DeliveryMode> parse_delivery(std::string_view name) {
  return delivery_names.find(name);
}

std::string_view to_string(ChannelKind channel) {
  return channel_names[channel];
}
std::optional<ChannelKind> parse_channel(std::string_view name) {
  return channel_names.find(name);
}

int urgency_rank(Category category) {
  switch (category) {
    case Category::command_centre:  // directs everybody else
    case Category::border_checkpoint:
    case Category::airport:
    case Category::railway_station:
    case Category::port:
      return 0;
    case Category::checkpoint:
    case Category::traffic_police:
    case Category::toll_gate:
    case Category::bus_station:
    case Category::railway_operator:
      return 1;
    case Category::police_station:
    case Category::metro_station:
    case Category::taxi_platform:
    case Category::urban_management:
      return 2;
    case Category::hospital:
    case Category::rescue_station:
    case Category::child_welfare:
    case Category::hotel:
    case Category::entertainment_venue:
    case Category::internet_cafe:
    case Category::mall:
    case Category::scenic_area:
    case Category::labour_market:
    case Category::village_committee:
      return 3;
    case Category::emergency_broadcast:
    case Category::broadcaster:
    case Category::telecom:
    case Category::online_platform:
      return 4;
    case Category::school:
    case Category::outdoor_screen:
    case Category::newspaper:
    case Category::volunteer_group:
    case Category::regulator:
      return 5;
  }
  return urgency_rank_max;
}

}  // namespace tuanyuan::core
