#include "unit/jobs/user_ownership_transfer/town.h"

#include <algorithm>
#include <set>

namespace lernd::user_ownership_transfer {
namespace {

const std::string kAccounts = "http://users/private/user/v1/read/";
const std::string kQuery = "?identifier,rootOrgId";
const std::string kSearch = "http://courses/v1/course/batch/search";

bool names(const Json& source, const std::string& field, const std::string& user) {
  if (!source.contains(field)) return false;
  const Json& value = source[field];
  return value.is_array() ? std::ranges::find(value, Json(user)) != value.end() : value == Json(user);
}

HttpAnswer answer_of(const Json& response) { return {.status = 200, .body = Json{{"responseCode", "OK"}, {"result", {{"response", response}}}}.dump()}; }

std::string text_of(const Cell& cell) { return cell.value.text() == nullptr ? "" : *cell.value.text(); }

}  // namespace

OptionValues values_of(const Settings& settings) {
  OptionValues values = default_values(option_table());
  values.set("service.userorg.basePath", "http://users");
  values.set("service.lms.basePath", "http://courses/");
  for (const auto& [name, value] : settings) values.set(name, value);
  return values;
}

Json Ordered::json() const {
  return {{"eid", "BE_JOB_REQUEST"},
          {"mid", mid},
          {"object", {{"type", "user"}, {"id", from}}},
          {"edata",
           {{"action", "ownership-transfer"},
            {"organisationId", organisation},
            {"context", context},
            {"actionBy", {{"userId", "admin"}, {"userName", "the-admin"}}},
            {"fromUserProfile", {{"userId", from}, {"userName", "old-owner"}}},
            {"toUserProfile", {{"userId", to}, {"userName", "new-owner"}, {"firstName", "New"}}},
            {"assetInformation", asset}}}};
}

Record Ordered::record() const { return record_of(json().dump()); }

Transfer event_of(const Ordered& ordered) {
  auto event = read(ordered.record());
  EXPECT_TRUE(event.has_value());
  return event ? *std::move(event) : Transfer();
}

HttpAnswer account_answer(const std::string& user, const std::string& organisation) {
  return answer_of({{"identifier", user}, {"rootOrgId", organisation}, {"firstName", "Asha"}});
}

HttpAnswer blocked_answer() {
  return {.status = 400, .body = Json{{"responseCode", "CLIENT_ERROR"}, {"params", {{"err", "UOS_USRRED0006"}}}, {"result", Json::object()}}.dump()};
}

void Town::add_user(const std::string& id, const std::string& organisation) { accounts[id] = account_answer(id, organisation); }

void Town::add_batch(const std::string& course, const std::string& batch, const std::string& creator, const std::vector<std::string>& mentors, int status) {
  rows[{course, batch}] = {creator, mentors};
  documents[batch] = {{"batchId", batch}, {"courseId", course}, {"createdBy", creator}, {"status", status}, {"name", "Batch " + batch}};
  if (!mentors.empty()) documents[batch]["mentors"] = mentors;
}

HttpAnswer Town::search(const Json& request) {
  const Json& filters = request.at("filters");
  const bool created = filters.contains("createdBy");
  const std::string kind = created ? "created" : "mentored";
  const auto offset = request.value("offset", std::size_t{0});
  calls.push_back(kind + "@" + std::to_string(offset));
  if (search_answers.contains(kind)) return search_answers[kind];
  std::vector<Json> found = created ? more_entries : std::vector<Json>();
  const std::string user = created ? filters["createdBy"].get<std::string>() : filters["mentors"].at(0).get<std::string>();
  for (const auto& [id, source] : documents) {
    const bool active = source.contains("status") && std::ranges::find(filters["status"], source["status"]) != filters["status"].end();
    if (active && names(source, created ? "createdBy" : "mentors", user)) {
      found.push_back({{"identifier", id}, {"batchId", source["batchId"]}, {"courseId", source["courseId"]}});
    }
  }
  const std::size_t total = found.size() + uncounted;
  const std::size_t first = ignores_offset ? 0 : std::min(offset, found.size());
  Json content = Json::array();
  for (std::size_t i = first; i < found.size() && i < first + page; ++i) content.push_back(found[i]);
  return answer_of({{"count", total}, {"content", content}});
}

HttpAnswer Town::call(const HttpQuery& query) {
  EXPECT_FALSE(query.changes);
  if (query.method == "POST") {
    EXPECT_EQ(query.url, kSearch);
    return search(Json::parse(query.body).at("request"));
  }
  EXPECT_EQ(query.method, "GET");
  EXPECT_TRUE(query.url.starts_with(kAccounts) && query.url.ends_with(kQuery)) << query.url;
  const std::string id = query.url.substr(kAccounts.size(), query.url.size() - kAccounts.size() - kQuery.size());
  calls.push_back(id);
  const auto found = accounts.find(id);
  return found == accounts.end() ? HttpAnswer{.status = 404, .body = R"({"responseCode":"RESOURCE_NOT_FOUND"})"} : found->second;
}

Rows Town::rows_for(const RowsQuery& query) const {
  if (query.table == TableName{"sunbird", "user"}) {
    Rows answer({"rootorgid"});
    const auto found = user_rows.find(text_of(query.key.at(0)));
    if (found != user_rows.end()) answer.add({found->second});
    return answer;
  }
  EXPECT_EQ(query.table, (TableName{"sunbird_courses", "course_batch"}));
  EXPECT_EQ(query.columns, (std::vector<std::string>{"createdby", "mentors"}));
  Rows answer(query.columns);
  const auto found = rows.find({text_of(query.key.at(0)), text_of(query.key.at(1))});
  if (found == rows.end()) return answer;
  ValueList mentors;
  for (const std::string& mentor : found->second.mentors) mentors.items.emplace_back(mentor);
  answer.add({found->second.creator ? Value(*found->second.creator) : Value(), mentors.items.empty() ? Value() : Value(mentors)});
  return answer;
}

void Town::answer(const Ask& ask, Facts& facts) {
  EXPECT_TRUE(ask.cache.empty());
  for (const HttpQuery& query : ask.http) facts.put(query, call(query));
  for (const RowsQuery& query : ask.rows) facts.put(query, rows_for(query));
  for (const DocumentId& id : ask.documents) {
    EXPECT_EQ(id.index, "course-batch");
    const auto found = documents.find(id.id);
    facts.put(id, found == documents.end() ? StoredDocument() : StoredDocument{found->second.dump(), {1, 1}});
  }
}

Step Town::run(const Transfer& event, const Options& options, Facts* kept) {
  constexpr std::size_t kRoundsMax = 10'000;  // a search may have any number of pages
  auto run =
      run_rules([this](const Ask& ask, Facts& facts) { answer(ask, facts); }, [&](const Facts& facts) { return advance(event, facts, options); }, kRoundsMax);
  rounds = static_cast<int>(run.rounds.size());
  if (kept != nullptr) *kept = std::move(run.facts);
  return std::move(run.step);
}

Plan Town::carry_out(const Transfer& event, const Options& options) {
  Plan plan = plan_of(run(event, options));
  apply(plan);
  return plan;
}

void Town::apply(const Plan& plan, std::size_t stages) {
  for (std::size_t i = 0; i < std::min(stages, plan.stages.size()); ++i) {
    for (const WriteGroup& group : plan.stages[i]) {
      if (const auto* writes = std::get_if<RowGroup>(&group)) {
        for (const RowWrite& write : *writes) {
          EXPECT_EQ(write.kind, RowWrite::Kind::update);
          Row& row = rows[{text_of(write.key.at(0)), text_of(write.key.at(1))}];
          for (const Assignment& one : write.set) {
            if (one.column == "createdby") {
              row.creator = *one.value.text();
            } else {
              EXPECT_EQ(one.column, "mentors");
              row.mentors.clear();
              for (const Value& mentor : one.value.list()->items) row.mentors.push_back(*mentor.text());
            }
          }
        }
        continue;
      }
      for (const DocumentWrite& write : std::get<DocumentGroup>(group)) {
        const auto found = documents.find(write.document.id);
        if (found == documents.end()) continue;
        if (const std::string fields = changed_fields(found->second.dump(), write); !fields.empty()) found->second.update(Json::parse(fields));
      }
    }
  }
}

Town town() {
  Town town;
  town.add_user("from");
  town.add_user("to");
  return town;
}

std::vector<std::string> remarks_in(const Plan& plan, const std::string& what) {
  std::vector<std::string> texts;
  for (const Remark& remark : plan.remarks) {
    if (remark.what == what) texts.push_back(remark.about);
  }
  return texts;
}

}  // namespace lernd::user_ownership_transfer
