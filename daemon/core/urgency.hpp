#pragma once

#include <cstdint>

#include "core/notice.hpp"

namespace tuanyuan::core {

/// What an outbox row is sent by: ascending, the smallest goes first. Classes are recall, then new alert, then
/// update, then the same three of exercises, so that a drill never delays what is meant. Within a class the
/// notices go before the pictures, which weigh a hundred times as much; then urgency_rank of the category;
/// then the distance from the centre, in metres.
std::int64_t urgency_key(Status status, NoticeKind kind, bool is_photo, int category_rank, double distance_km);

}  // namespace tuanyuan::core
