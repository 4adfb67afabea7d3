/// What a user did, in the words of the help screen.
package enum Key: Equatable, Hashable, Sendable {
    case character(Character)
    case up, down, left, right
    case home, end, pageUp, pageDown
    case enter, escape, tab, backTab, backspace, delete, insert
    case function(Int)
    case control(Character)
}

/// A mouse event at a cell.
package struct Mouse: Equatable, Hashable, Sendable {
    package enum Action: Equatable, Hashable, Sendable {
        case press, doublePress, wheelUp, wheelDown, secondaryPress
    }
    package var action: Action
    package var x: Int
    package var y: Int

    package init(action: Action, x: Int, y: Int) {
        self.action = action
        self.x = x
        self.y = y
    }
}

/// Everything that a terminal can report.
package enum InputEvent: Equatable, Sendable {
    case key(Key)
    case mouse(Mouse)
    case resize(Size)
    /// A text that was pasted, in one piece.
    case paste(String)
    /// The terminal says what its background is.
    case ground(Ground)
}
