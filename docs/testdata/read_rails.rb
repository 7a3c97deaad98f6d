# Reads what the commands of rails.md have made, as the app would.
require "active_record"

ActiveRecord.default_timezone = :utc if ActiveRecord.respond_to?(:default_timezone=)

class User < ActiveRecord::Base
  has_many :posts
end

class Post < ActiveRecord::Base
  belongs_to :user
end

class Tag < ActiveRecord::Base
end

def in_database(path)
  ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: path)
  yield
end

in_database("storage/development.sqlite3") do
  abort "users: #{User.count}" unless User.count == 50
  abort "posts of nobody" if Post.all.any? { |post| post.user.nil? }
  post = Post.order(:created_at).last
  same = Post.where(created_at: post.created_at)
  abort "created_at is not what ActiveRecord writes" unless same.ids == [post.id]
  post.update!(title: "edited")
  abort "updated_at" unless Post.order(:updated_at).last.id == post.id
  abort "next id" unless User.create!(email_address: "new@example.org", password_digest: "x").id > User.minimum(:id)
end
in_database("storage/production.sqlite3") do
  abort "tags: #{Tag.pluck(:name)}" unless Tag.order(:name).pluck(:name) == %w[guide news]
  abort "users" unless User.pluck(:email_address) == ["ada@production.example"]
end
puts "ok"
