print("ropewalk")
