import Foundation
import RopewalkCellGrid

/// The colours that standard output is written with.
enum ColoursOfOutput {
    /// None where it is no terminal, or where none are wanted (no-color.org).
    static var depth: ColourDepth {
        let environment = ProcessInfo.processInfo.environment
        guard StandardOutput.isTerminal, environment["NO_COLOR"]?.isEmpty ?? true, let name = environment["TERM"],
            !name.isEmpty, name != "dumb"
        else { return .none }
        if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? ""), !name.hasPrefix("screen") {
            return .direct
        }
        return name.contains("256color") ? .indexed256 : name == "linux" ? .ansi8 : .ansi16
    }
}
