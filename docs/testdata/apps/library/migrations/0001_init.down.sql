DROP TABLE customer;
DROP TABLE plan;
