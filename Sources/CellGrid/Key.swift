/// What a user did, in the words of the help screen.
public enum Key: Equatable, Hashable, Sendable {
    case character(Character)
    case up, down, left, right
    case home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, delete, insert
    case function(Int)
    case control(Character)
}

/// A mouse event at a cell.
public struct Mouse: Equatable, Hashable, Sendable {
    public enum Action: Equatable, Hashable, Sendable {
        case press, doublePress, wheelUp, wheelDown, secondaryPress
    }
    public var action: Action
    public var x: Int
    public var y: Int

    public init(action: Action, x: Int, y: Int) {
        self.action = action
        self.x = x
        self.y = y
    }
}

/// Everything that a terminal can report.
public enum InputEvent: Equatable, Sendable {
    case key(Key)
    case mouse(Mouse)
    case resize(Size)
}
