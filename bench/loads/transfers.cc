#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/json.h"
#include "loads/kinds.h"

namespace lernd::bench {
namespace {

constexpr std::string_view kAccountPath = "/userorg/private/user/v1/read/";
constexpr std::string_view kOrganisation = "01285019302823526477";
constexpr std::string_view kIndex = "course-batch";
/// What the course service gives at a time when nobody says how many.
constexpr std::size_t kPageBatches = 30;
/// An owner is told from the next one by four digits.
constexpr std::size_t kRoundsMax = 9999;

/// Of an item, whoever owns it now.
struct BatchIds {
  BatchIds(Part part, std::size_t item, std::size_t number)
      : batch(fmt::format("0139{}{:08}{:06}", static_cast<int>(part), item, number)),
        course(fmt::format("do_31390{}{:08}{:05}", static_cast<int>(part), item, number)) {}
  std::string batch;
  std::string course;
};

/// The first one was there from the beginning; `round` 1 got everything from him, and so on.
std::string owner_of(Part part, std::size_t item, std::size_t round) { return user_id(part, item).replace(9, 4, fmt::format("{:04}", round)); }

/// Who has a hand in all batches of an item besides its owner.
std::string colleague_of(Part part, std::size_t item) { return user_id(part, item).replace(14, 4, "4001"); }

/// What the owner of a batch is to it.
bool is_created(std::size_t number) { return number % 2 == 0; }

/// The two people of a batch that was handed over so many times, as the index has them. In the table the new owner stands at the end of the mentors.
struct People {
  People(Part part, std::size_t item, std::size_t number, std::size_t rounds)
      : creator(is_created(number) ? owner_of(part, item, rounds) : colleague_of(part, item)), mentors{colleague_of(part, item)} {
    if (!is_created(number)) mentors.insert(mentors.begin(), owner_of(part, item, rounds));
  }
  std::string creator;
  std::vector<std::string> mentors;
};

std::string json_list(const std::vector<std::string>& texts) {
  std::string json;
  JsonWriter out(json);
  out.open_array();
  for (const std::string& text : texts) out.text(text);
  out.close_array();
  return json;
}

/// About 1.3 KB, as the course service stores it. The first owner's id inside another text stays there.
std::string document(Part part, std::size_t item, std::size_t number, std::size_t rounds) {
  const BatchIds ids(part, item, number);
  const People people(part, item, number, rounds);
  return fmt::format(
      R"({{"batchId":"{0}","courseId":"{1}","collectionId":"{1}","createdBy":"{2}","createdDate":"2023-05-08 14:38:13:275+0000","createdFor":["{5}"],)"
      R"("mentors":{3},"name":"Reading for beginners, group {6}","description":"Set up by {4} for the schools of Lakeside.","enrollmentType":"open",)"
      R"("startDate":"2023-05-08","endDate":null,"enrollmentEndDate":null,"status":1,"id":"{0}","identifier":"{0}","updatedDate":null,"oldIds":[],)"
      R"("cert_templates":{{"do_11378900000000":{{"identifier":"do_11378900000000","name":"Course merit certificate","previewUrl":)"
      R"("https://storage.example.org/content/do_11378900000000/artifact/certificate_1683556693275.svg","url":)"
      R"("https://storage.example.org/content/do_11378900000000/artifact/certificate_1683556693275.svg","artifactUrl":)"
      R"("https://storage.example.org/content/do_11378900000000/artifact/certificate_1683556693275.svg","criteria":)"
      R"("{{\"enrollment\":{{\"status\":2}}}}","issuer":"{{\"name\":\"North State\",\"url\":\"https://north.example.org\"}}","signatoryList":)"
      R"("[{{\"name\":\"A Signatory\",\"id\":\"SIGN1\",\"designation\":\"Director\"}}]"}}}},"batchLocations":["loc-28","loc-2813"]}})",
      ids.batch, ids.course, people.creator, json_list(people.mentors), owner_of(part, item, 0), kOrganisation, number);
}

/// An owner, whoever is or was one of an item.
struct Asked {
  Part part = Part::backlog;
  std::size_t item = 0;

  explicit Asked(std::string_view id) {
    for (const Part one : {Part::backlog, Part::idle, Part::limit}) {
      if (id.substr(0, 8) == user_prefix(one).substr(0, 8)) part = one;
    }
    const auto digits = id.substr(std::min(id.size(), user_prefix(part).size()));
    std::from_chars(digits.data(), digits.data() + digits.size(), item);
  }
};

std::string account(std::string_view path) {
  const auto id = path.substr(kAccountPath.size(), path.find('?') - kAccountPath.size());
  return fmt::format(
      R"({{"id":".private.user.v1.read.{0}","ver":"private","params":{{"err":null,"status":"SUCCESS","errmsg":null}},"responseCode":"OK","result":{{"response":{{)"
      R"("id":"{0}","userId":"{0}","identifier":"{0}","firstName":"Asha","lastName":"Rao","rootOrgId":"{1}","channel":"north-state","status":1,"isDeleted":false,)"
      R"("organisations":[{{"organisationId":"{1}","orgName":"North State","isDeleted":false}}],"roles":[{{"role":"COURSE_MENTOR","scope":[]}}]}}}}}})",
      id, kOrganisation);
}

std::string entry(const Asked& asked, std::size_t number, bool with_mentors) {
  const BatchIds ids(asked.part, asked.item, number);
  const People people(asked.part, asked.item, number, 0);
  return fmt::format(R"({{"identifier":"{0}","batchId":"{0}","courseId":"{1}","createdFor":["{2}"],"startDate":"2023-05-08","enrollmentType":"open"{3}}})",
                     ids.batch, ids.course, kOrganisation, with_mentors ? R"(,"mentors":)" + json_list(people.mentors) : "");
}

/// One page of the search for batches. Whoever is asked for has all of the item: events come in order, and each asks for the owner of its round.
std::string page(const Size& size, std::string_view body) {
  const auto request = JsonDocument::parse(body);
  const JsonView asked_for = request ? request->root().find("request").value_or(JsonView()) : JsonView();
  const JsonView filters = asked_for.find("filters").value_or(JsonView());
  const auto mentors = filters.find("mentors").value_or(JsonView()).items();
  const bool created = mentors.empty();
  const Asked asked((created ? filters.find("createdBy").value_or(JsonView()) : mentors.front()).text().value_or(""));
  const auto count = created ? (size.batches + 1) / 2 : size.batches / 2;
  const auto offset = static_cast<std::size_t>(asked_for.find("offset").value_or(JsonView()).integer().value_or(0));
  std::string content;
  for (std::size_t i = offset; i < std::min(offset + kPageBatches, count); ++i) {
    content.append(content.empty() ? "" : ",").append(entry(asked, 2 * i + (created ? 0 : 1), !created));
  }
  return fmt::format(R"({{"id":"api.course.batch.search","ver":"v1","params":{{"err":null,"status":"SUCCESS","errmsg":null}},"responseCode":"OK",)"
                     R"("result":{{"response":{{"count":{},"content":[{}]}}}}}})",
                     count, content);
}

std::string answer(const Size& size, std::string_view path, std::string_view body) { return path.starts_with(kAccountPath) ? account(path) : page(size, body); }

class Transfers final : public Load {
 public:
  Transfers(const Size& size, const OptionValues& values)
      : batches_(size.batches), table_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.course_batch.table")} {}

  Stock before(Part part, std::size_t item) const override {
    Stock stock;
    for (std::size_t number = 0; number < batches_; ++number) {
      const BatchIds ids(part, item, number);
      People people(part, item, number, 0);
      RowWrite row{.kind = RowWrite::Kind::insert, .table = table_, .key = key_of(ids), .set = {{"createdby", people.creator}}};
      row.set.push_back({"mentors", list_of(people.mentors)});
      row.set.insert(row.set.end(), {{"name", fmt::format("Reading for beginners, group {}", number)},
                                     {"description", fmt::format("Set up by {} for the schools of Lakeside.", owner_of(part, item, 0))},
                                     {"createdfor", list_of({std::string(kOrganisation)})},
                                     {"status", 1},
                                     {"enrollmenttype", "open"},
                                     {"startdate", "2023-05-08"},
                                     {"createddate", kTime},
                                     {"updateddate", kTime}});
      stock.rows.push_back(std::move(row));
      stock.documents.push_back({{std::string(kIndex), ids.batch}, document(part, item, number, 0)});
    }
    return stock;
  }

  std::string event(Part part, std::size_t item, std::size_t round) const override {
    return fmt::format(
        R"({{"eid":"BE_JOB_REQUEST","ets":1683556693275,"mid":"LP.1683556693275.{0}-{1}","actor":{{"id":"ownership-transfer","type":"System"}},)"
        R"("context":{{"pdata":{{"ver":"1.0","id":"org.sunbird.platform"}}}},"object":{{"id":"{0}","type":"user"}},"edata":{{"action":"ownership-transfer",)"
        R"("iteration":1,"context":"User Deletion","organisationId":"{3}","actionBy":{{"userId":"5a587cc1-e018-4859-a0a8-e842650b9d64","userName":"an_admin"}},)"
        R"("fromUserProfile":{{"userId":"{0}","userName":"asha_rao","channel":"north-state","organisationId":"{3}","roles":["COURSE_MENTOR"]}},)"
        R"("toUserProfile":{{"userId":"{2}","userName":"ravi_das","firstName":"Ravi","lastName":"Das","roles":["COURSE_MENTOR"]}},"assetInformation":{{}}}}}})",
        owner_of(part, item, round), round, owner_of(part, item, round + 1), kOrganisation);
  }

  Findings after(Part part, std::size_t item, std::size_t rounds) const override {
    Findings findings;
    for (std::size_t number = 0; number < batches_; ++number) {
      const BatchIds ids(part, item, number);
      People people(part, item, number, rounds);
      findings.documents.emplace_back(DocumentId{std::string(kIndex), ids.batch}, document(part, item, number, rounds));
      std::ranges::reverse(people.mentors);
      Rows rows({"createdby", "mentors", "status", "updateddate"});
      rows.add({people.creator, list_of(std::move(people.mentors)), 1, kTime});
      findings.rows.emplace_back(RowsQuery{table_, rows.columns(), key_of(ids)}, std::move(rows));
    }
    return findings;
  }

  std::vector<Outputs> outputs(Part, std::size_t, std::size_t) const override { return {}; }

 private:
  static constexpr const char* kTime = "2023-05-08 14:38:13:275+0000";

  static std::vector<Cell> key_of(const BatchIds& ids) { return {{"courseid", ids.course}, {"batchid", ids.batch}}; }

  static Value list_of(std::vector<std::string> texts) {
    ValueList list;
    for (std::string& text : texts) list.items.emplace_back(std::move(text));
    return list;
  }

  const std::size_t batches_;
  const TableName table_;
};

}  // namespace

LoadKind transfers_kind() {
  LoadKind kind{.name = "transfers", .job = "user-ownership-transfer", .learners = 2000, .units = false, .batches = true};
  kind.rounds_max = [](const Size&) { return kRoundsMax; };
  kind.make = [](const Size& size, const OptionValues& values, std::uint32_t) -> std::unique_ptr<Load> { return std::make_unique<Transfers>(size, values); };
  kind.answer = answer;
  kind.service_options = {{"service.userorg.basePath", "/userorg"}, {"service.lms.basePath", "/lms"}};
  return kind;
}

}  // namespace lernd::bench
