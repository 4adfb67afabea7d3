/// What `ropewalk mask` says of a mask in place of the mask itself; one file a report.
enum MaskReport {}
