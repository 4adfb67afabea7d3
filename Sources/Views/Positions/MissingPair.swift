/// What stands in place of the score of a pair.
package enum MissingPair {
    /// The longest wording first.
    package static let unread = ["no pair yet: cursor and anchor must both be read", "no pair read yet"]
}
