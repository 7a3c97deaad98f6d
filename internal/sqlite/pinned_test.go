package sqlite
import ("testing";"time")
func TestProto(t *testing.T) { proto(time.Date(2025,1,1,0,0,0,0,time.UTC)) }
