import Foundation

extension TerminalScreen {
    /// Gives a text to the clipboard of the terminal (OSC 52); one that does not know that ignores it.
    package func copy(_ text: String) {
        let encoded = Data(text.utf8).base64EncodedString()
        if !device.write(Array("\u{1B}]52;c;\(encoded)\u{07}".utf8)) { isConnected = false }
    }
}
