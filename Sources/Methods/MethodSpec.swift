/// The method grammar: `name[:key=value[,key=value]...]`.
public enum MethodSpec {
    /// A number as the grammar writes it: whole numbers without a fraction.
    public static func format(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
