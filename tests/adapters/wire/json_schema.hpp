#pragma once

#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/message.h>

#include <memory>

namespace tuanyuan::wire {

/// An empty message with a field of every kind that proto3 has, which no message of tuanyuan.v1 is.
std::unique_ptr<google::protobuf::Message> make_everything();

}  // namespace tuanyuan::wire
