#pragma once

#include <string>
#include <vector>

#include "core/refusal.hpp"
#include "ports/answer_desk.hpp"
#include "ports/case_desk.hpp"
#include "ports/channel_desk.hpp"
#include "ports/exercise_desk.hpp"
#include "ports/journal_desk.hpp"
#include "ports/readiness_desk.hpp"
#include "tuanyuan/v1/answer.pb.h"
#include "tuanyuan/v1/board.pb.h"
#include "tuanyuan/v1/case.pb.h"
#include "tuanyuan/v1/channel.pb.h"
#include "tuanyuan/v1/exercise.pb.h"
#include "tuanyuan/v1/journal.pb.h"
#include "tuanyuan/v1/recipient.pb.h"

// What the desks answer as messages, and what they are asked as their options. All of it is synchronous and may
// be called on any thread. Tokens of pages are passed on as they are.
namespace tuanyuan::wire {

v1::ReportAnswer to_proto(const ports::ReportView& view);
v1::ReportList to_proto(const ports::Listed<ports::ReportView>& list);
/// Throws std::logic_error where the copy is not a serialised SignedNotice: the daemon's own notary made it.
v1::AlertAnswer to_proto(const ports::AlertView& view);
v1::AlertList to_proto(const ports::Listed<ports::AlertView>& list);
v1::PreviewAnswer to_proto(const ports::PreviewView& view);
v1::Board to_proto(const core::Board& board);
v1::SightingRecord to_proto(const ports::SightingView& view);
v1::RecipientList to_proto(const ports::Listed<core::Recipient>& list);
v1::JournalEntry to_proto(const ports::JournalLine& line);
/// The same line as who follows the events is told of it.
v1::Event to_event(const ports::JournalLine& line);

// Refusals are `invalid` with every path at once.

core::Result<ports::ReleaseOptions> from_proto(const v1::ReleaseRequest& request);
core::Result<ports::ReleaseOptions> from_proto(const v1::PreviewRequest& request);
core::Result<std::string> from_proto(const v1::RejectRequest& request);
core::Result<std::string> from_proto(const v1::RetractRequest& request);
v1::ReadinessAnswer to_proto(const ports::ReadinessView& view);
v1::Exercise to_proto(const ports::ExerciseView& view);
v1::ExerciseList to_proto(const ports::Listed<ports::ExerciseView>& list);
v1::ExerciseScores to_proto(const ports::Listed<ports::RecipientScore>& list);

v1::ChannelAnswer to_proto(const ports::ChannelView& view);
v1::ChannelList to_proto(const std::vector<ports::ChannelView>& views);
v1::TestAnswer to_proto(const ports::ChannelTest& test);
v1::OutboxRow to_proto(const ports::OutboxView& view);
v1::OutboxList to_proto(const ports::Listed<ports::OutboxView>& list);

core::Result<std::string> from_proto(const v1::PauseRequest& request);
core::Result<ports::TestOptions> from_proto(const v1::TestRequest& request);
core::Result<ports::CircleOptions> from_proto(const v1::CircleRequest& request);
core::Result<ports::SuspendOptions> from_proto(const v1::SuspendRequest& request);
core::Result<ports::CloseOptions> from_proto(const v1::CloseRequest& request);
core::Result<ports::AssessOptions> from_proto(const v1::AssessRequest& request);

/// Refuses a mask that is empty, names what no report has, or would make an exercise of the real thing. The
/// merge refuses by the rules of reports; its paths are those of the report, without `report.` before them.
core::Result<ports::UpdateOptions> from_proto(const v1::UpdateRequest& request);

}  // namespace tuanyuan::wire
