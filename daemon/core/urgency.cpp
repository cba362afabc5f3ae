#include "core/urgency.hpp"

#include <algorithm>

namespace tuanyuan::core {
namespace {

// Digits of the key, the leading one first: class, picture, rank (2), metres (8).
constexpr std::int64_t metres_span = 100'000'000;  // more than half way round the earth
constexpr std::int64_t rank_span = 100;

std::int64_t class_of(Status status, NoticeKind kind) {
  const std::int64_t within = is_recall(kind) ? 0 : kind == NoticeKind::alert ? 1 : 2;
  return status == Status::exercise ? 3 + within : within;
}

std::int64_t metres(double distance_km) {
  const bool known = distance_km >= 0 && distance_km * 1000 < static_cast<double>(metres_span - 1);
  return known ? static_cast<std::int64_t>(distance_km * 1000) : metres_span - 1;
}

}  // namespace

std::int64_t urgency_key(Status status, NoticeKind kind, bool is_photo, int category_rank, double distance_km) {
  const std::int64_t rank = std::clamp<std::int64_t>(category_rank, 0, rank_span - 1);
  const std::int64_t group = class_of(status, kind) * 2 + (is_photo ? 1 : 0);
  return (group * rank_span + rank) * metres_span + metres(distance_km);
}

}  // namespace tuanyuan::core
