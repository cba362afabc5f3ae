#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {

const Station* Stage::carrier(const core::RecipientId& who) const {
  for (std::size_t index = 0; index < scenario.stations.size(); ++index) {
    const core::Recipient& recipient = scenario.stations[index].recipient;
    if (recipient.id == who) {
      return recipient.via.empty() ? stations[index] : carrier(recipient.via);
    }
  }
  return nullptr;
}

}  // namespace tuanyuan::simulation
