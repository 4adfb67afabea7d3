extension Int {
    /// The number with thousands separators: 1,204. Made without a formatter, because views write hundreds a frame.
    package var grouped: String {
        let digits = Array(String(magnitude).utf8)
        var text: [UInt8] = []
        text.reserveCapacity(digits.count + digits.count / 3)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
            text.append(digit)
        }
        return (self < 0 ? "−" : "") + String(decoding: text, as: UTF8.self)
    }
}
