# Makes tables in a database with ActiveRecord, or reads rows through its models.
#
# Usage: bookings.rb make DB | read DB
require "active_record"

ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ARGV[1])
ActiveRecord::Migration.verbose = false

class Customer < ActiveRecord::Base; end

class Booking < ActiveRecord::Base
  belongs_to :customer
end

def make
  ActiveRecord::Schema.define(version: 1) do
    create_table :customers do |t|
      t.string :name, null: false
      t.timestamps
    end
    create_table :bookings do |t|
      t.references :customer, null: false, foreign_key: true
      t.datetime :starts_at, null: false
      t.date :day, null: false
      t.time :opens, null: false
      t.decimal :price, precision: 8, scale: 2, null: false
      t.boolean :active, null: false
      t.timestamps
    end
  end
end

# Prints the ids of the chosen rows. ActiveRecord must choose what Ruby chooses.
def show(name, chosen, all)
  chosen = chosen.pluck(:id).sort
  kept = all.select { |row| yield row }.map(&:id).sort
  abort "#{name}: ActiveRecord chooses #{chosen}, Ruby #{kept}" if chosen != kept
  puts [name, *chosen].join(" ")
end

def read
  at = Time.utc(2024, 9, 1)
  spring = Time.utc(2024, 4, 1)
  day = Date.new(2024, 9, 1)
  noon = Time.utc(2000, 1, 1, 12)
  all = Booking.all.to_a
  show("created", Booking.where("created_at < ?", at), all) { |b| b.created_at < at }
  show("starts", Booking.where(starts_at: at..), all) { |b| b.starts_at >= at }
  show("day", Booking.where(day: ...day), all) { |b| b.day < day }
  show("opens", Booking.where(opens: ...noon), all) { |b| b.opens < noon }
  show("price", Booking.where(price: ...100), all) { |b| b.price < 100 }
  show("active", Booking.where(active: true), all) { |b| b.active }
  customers = Customer.all.to_a
  show("joined", Customer.where(created_at: ...spring), customers) { |c| c.created_at < spring }
end

send(ARGV[0])
