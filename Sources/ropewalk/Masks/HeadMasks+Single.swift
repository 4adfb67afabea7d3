import RopewalkMethods
import RopewalkPhrases

extension HeadMasks {
    /// The one mask that is asked for; an error where the heads differ.
    func single() throws -> Mask {
        let groups = different
        guard groups.count > 1 else { return groups[0].mask }
        let names = groups.prefix(2).map { HeadNames($0.places.prefix(1), of: self).text }
        throw CommandError.combination(
            say(
                """
                \(names[0]) and \(names[1]) have different masks: choose with --items, --layers and --heads; npy and json \
                hold all
                """))
    }
}
