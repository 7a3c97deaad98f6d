-- Control characters make unistr(); backslashes are doubled only there. Bytes
-- that are no UTF-8, and DEL, are printed as they are.
CREATE TABLE t(x);
INSERT INTO t VALUES(''), (''''), ('a''b''''c'), ('back\slash'), ('back\slash' || char(10)), (char(13,10)), (char(9)),
  (char(1,2,3,4,5,6,7,8,11,12,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31)), (char(127)), (char(128,159,160)),
  (char(8232)), (char(65279)), ('é ü 漢字 🎉'), (char(27) || '[31m'), ('''' || char(10) || '''\u000a'''),
  (CAST(x'ff' AS TEXT)), (CAST(x'61c3' AS TEXT)), (CAST(x'eda080' AS TEXT)), (CAST(x'c080' AS TEXT)), (CAST(x'f4908080' AS TEXT)),
  ('1234567' || char(31)), ('12345678' || char(31)), ('1234567' || char(32)), (char(32) || '234567'), ('--'), ('/*'), (';');
