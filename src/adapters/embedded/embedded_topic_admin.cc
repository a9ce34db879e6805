#include "adapters/embedded/embedded_topic_admin.h"

#include "adapters/embedded/connection.h"
#include "adapters/embedded/topics.h"

namespace lernd::embedded {
namespace {

class EmbeddedTopicAdmin final : public TopicAdmin {
 public:
  explicit EmbeddedTopicAdmin(std::shared_ptr<EmbeddedDatabase> database) : database_(std::move(database)), topics_(database_->connection()) {}

  Result<std::vector<TopicInfo>> describe(std::span<const std::string> topics) override {
    std::vector<TopicInfo> infos;
    for (const std::string& topic : topics) {
      const auto partitions = topics_.partitions(topic);
      if (!partitions) return std::unexpected(partitions.error());
      infos.push_back({topic, *partitions});
    }
    return infos;
  }

  Result<void> create(const std::string& topic, int partitions) override { return topics_.create(topic, partitions); }

  Result<void> remove(const std::string& topic) override { return topics_.remove(topic); }

  Result<void> produce(std::span<const OutputRecord> records, int partition) override {
    return database_->connection().atomically([&] { return topics_.append(records, partition); });
  }

  Result<std::vector<Record>> read(const TopicPartition& source, Offset from, std::size_t most) override {
    const auto partitions = topics_.partitions_of(source.topic);
    if (!partitions) return std::unexpected(partitions.error());
    if (source.partition < 0 || source.partition >= *partitions) {
      return fail(Treatment::fatal, ErrorCode::not_found, "the topic " + source.topic + " has no partition " + std::to_string(source.partition));
    }
    std::vector<Record> records;
    SqlCursor rows = topics_.records(source, from, most);
    while (rows.next()) {
      auto record = Topics::record_at(rows);
      if (!record) return std::unexpected(record.error());
      records.push_back(std::move(*record));
    }
    if (const auto ended = rows.end(); !ended) return std::unexpected(ended.error());
    return records;
  }

 private:
  std::shared_ptr<EmbeddedDatabase> database_;
  Topics topics_;
};

}  // namespace
}  // namespace lernd::embedded

namespace lernd {

std::unique_ptr<TopicAdmin> make_embedded_topic_admin(std::shared_ptr<EmbeddedDatabase> database) {
  return std::make_unique<embedded::EmbeddedTopicAdmin>(std::move(database));
}

}  // namespace lernd
