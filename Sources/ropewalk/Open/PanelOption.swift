import ArgumentParser
import RopewalkApp

extension Panel: ExpressibleByArgument {
    /// As it is named on the screen, without capitals.
    public init?(argument: String) {
        guard let panel = Panel.allCases.first(where: { "\($0)" == argument }) else { return nil }
        self = panel
    }

    /// What help and completions list: those that have a figure.
    public static var allValueStrings: [String] { allCases.filter { $0 != .answers }.map { "\($0)" } }
}
