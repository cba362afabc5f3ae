#include "adapters/wire/quiet.hpp"

#include <google/protobuf/stubs/logging.h>

namespace tuanyuan::wire {

void quieten_protobuf() {
  google::protobuf::SetLogHandler(nullptr);
}

}  // namespace tuanyuan::wire
