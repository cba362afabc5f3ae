#pragma once

namespace tuanyuan::wire {

/// Keeps libprotobuf from writing to standard error, which it does for every text that is no UTF-8, and anybody may
/// send that. For the whole process; once, before anything is decoded.
void quieten_protobuf();

}  // namespace tuanyuan::wire
